using System.Security.Cryptography;
using Replica.Crdt.Causality;

namespace Replica.Peer.Membership;

/// <summary>Names a space or an invitation to those who know it, in one session and from one of its sides.</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct AdmissionTag(Bytes32 Value)
{
    /// <summary>Whether both are the same, in a time that does not depend on where they differ.</summary>
    public bool FixedTimeEquals(AdmissionTag other)
    {
        Span<byte> mine = stackalloc byte[Bytes32.Size];
        Span<byte> theirs = stackalloc byte[Bytes32.Size];
        Value.CopyTo(mine);
        other.Value.CopyTo(theirs);
        return CryptographicOperations.FixedTimeEquals(mine, theirs);
    }
}
