using System.Buffers;
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
    private const int StackBytesMax = 512;

    private static ReadOnlySpan<byte> Label => "replica/change/1\0"u8;

    /// <summary>The header if this is the first change of its log.</summary>
    public Operation.Header? Header => Dot.Seq == 1 ? Groups[0].Operations[0] as Operation.Header : null;

    /// <summary>Whether it holds an operation on the space.</summary>
    public bool IsOnSpace
    {
        get
        {
            for (var i = 0; i < Groups.Count; i++)
            {
                if (Groups[i].Target is Target.Space)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Names the change by content: SHA-256 of its label and bytes.</summary>
    public ChangeHash Hash() => Hash(Bytes.Span);

    /// <summary>The hash of the change with these bytes.</summary>
    public static ChangeHash Hash(ReadOnlySpan<byte> bytes)
    {
        // One call over label and bytes together costs half of an incremental hash, and most changes are short.
        var length = Label.Length + bytes.Length;
        var rented = length > StackBytesMax ? ArrayPool<byte>.Shared.Rent(length) : null;
        var input = rented is null ? stackalloc byte[StackBytesMax] : rented;
        Label.CopyTo(input);
        bytes.CopyTo(input[Label.Length..]);
        Span<byte> output = stackalloc byte[Bytes32.Size];
        _ = SHA256.HashData(input[..length], output);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return ChangeHash.FromBytes(output);
    }
}
