using System.Security.Cryptography;
using Replica.Crdt.Causality;

namespace Replica.Peer.Membership;

/// <summary>Shows in one session that one of its sides holds a space secret. Never printed.</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct AdmissionProof(Bytes32 Value)
{
    /// <summary>Whether both are the same, in a time that does not depend on where they differ.</summary>
    public bool FixedTimeEquals(AdmissionProof other)
    {
        Span<byte> mine = stackalloc byte[Bytes32.Size];
        Span<byte> theirs = stackalloc byte[Bytes32.Size];
        Value.CopyTo(mine);
        other.Value.CopyTo(theirs);
        return CryptographicOperations.FixedTimeEquals(mine, theirs);
    }

    /// <summary>That it is a proof, and nothing of it.</summary>
    public override string ToString() => "proof (hidden)";
}
