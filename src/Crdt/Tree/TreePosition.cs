using Replica.Crdt.Encoding;

namespace Replica.Crdt.Tree;

/// <summary>Where a node stands among its siblings. Compared as bytes; two moves never make the same. Default is none.</summary>
/// <remarks>
/// Source: [Fugue], its tree written as bytes in the manner of [PositionStrings]. One or more segments, each a tag of
/// 6 bytes and a number; the last number is odd.
/// </remarks>
public readonly struct TreePosition : IEquatable<TreePosition>, IComparable<TreePosition>
{
    /// <summary>The longest position in bytes.</summary>
    public const int BytesMax = 4096;

    private readonly byte[]? _bytes;

    private TreePosition(byte[] bytes) => _bytes = bytes;

    /// <summary>The bytes; empty for none.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Whether this is no position at all.</summary>
    public bool IsNone => _bytes is null;

    /// <summary>Takes bytes from outside.</summary>
    /// <exception cref="EncodingException">They are no position.</exception>
    public static TreePosition FromBytes(ReadOnlySpan<byte> bytes) => IsValid(bytes)
        ? new(bytes.ToArray())
        : throw new EncodingException(
            $"{bytes.Length} bytes are no position among siblings: segments of a tag and a number in its shortest form are due, "
            + $"the last number odd, at most {BytesMax} bytes.");

    /// <summary>Whether the bytes are a position.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Length > BytesMax)
        {
            return false;
        }

        var last = 0L;
        while (!bytes.IsEmpty)
        {
            if (bytes.Length <= PositionTag.Size || !PositionNumber.TryRead(bytes[PositionTag.Size..], out last, out var taken))
            {
                return false;
            }

            bytes = bytes[(PositionTag.Size + taken)..];
        }

        return (last & 1) != 0;
    }

    /// <summary>The order of the bytes; none comes before all.</summary>
    public int CompareTo(TreePosition other) => Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>Equal bytes.</summary>
    public bool Equals(TreePosition other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TreePosition other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>Equal bytes.</summary>
    public static bool operator ==(TreePosition left, TreePosition right) => left.Equals(right);

    /// <summary>Different bytes.</summary>
    public static bool operator !=(TreePosition left, TreePosition right) => !left.Equals(right);

    /// <summary>Whether the left one stands before the right one.</summary>
    public static bool operator <(TreePosition left, TreePosition right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one stands behind the right one.</summary>
    public static bool operator >(TreePosition left, TreePosition right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one does not stand behind the right one.</summary>
    public static bool operator <=(TreePosition left, TreePosition right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one does not stand before the right one.</summary>
    public static bool operator >=(TreePosition left, TreePosition right) => left.CompareTo(right) >= 0;

    /// <summary>Lower-case hex.</summary>
    public override string ToString() => Convert.ToHexStringLower(Bytes);

    /// <summary>The segments, outermost first.</summary>
    internal List<PositionSegment> Segments()
    {
        var segments = new List<PositionSegment>();
        for (var at = 0; at < Bytes.Length;)
        {
            var waypointLength = at + PositionTag.Size;
            _ = PositionNumber.TryRead(Bytes[waypointLength..], out var number, out var taken);
            at = waypointLength + taken;
            segments.Add(new(waypointLength, number, at));
        }

        return segments;
    }
}
