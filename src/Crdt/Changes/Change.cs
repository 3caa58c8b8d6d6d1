using System.Security.Cryptography;
using Replica.Crdt.Causality;

namespace Replica.Crdt.Changes;

/// <summary>One committed transaction: the atom of replication, visible whole or not at all.</summary>
/// <param name="Dot">The log and the number in it.</param>
/// <param name="Time">The stamp of all its operations.</param>
/// <param name="Deps">The frontier of what its author knew of other logs and no earlier change implied; ascending.</param>
/// <param name="Groups">The operations in order of execution.</param>
/// <param name="Bytes">The canonical bytes, exactly as first written.</param>
public sealed record Change(
    Dot Dot,
    HybridTimestamp Time,
    IReadOnlyList<Position> Deps,
    IReadOnlyList<OperationGroup> Groups,
    ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The header if this is the first change of its log.</summary>
    public Operation.Header? Header => Dot.Seq == 1 ? Groups[0].Operations[0] as Operation.Header : null;

    /// <summary>Names the change by content: SHA-256 of its label and bytes.</summary>
    public ChangeHash Hash() => Hash(Bytes.Span);

    /// <summary>The hash of the change with these bytes.</summary>
    public static ChangeHash Hash(ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("replica/change/1\0"u8);
        hash.AppendData(bytes);
        Span<byte> output = stackalloc byte[Bytes32.Size];
        _ = hash.GetHashAndReset(output);
        return ChangeHash.FromBytes(output);
    }
}
