namespace Replica.Crdt.Tree;

/// <summary>Makes positions between siblings, so that what one device types in a run stays together.</summary>
/// <remarks>
/// Source: [Fugue] for where a new element hangs, [PositionStrings] for going on at one's own waypoint with a greater
/// number instead of a new segment. Differs: numbers also go down, so that typing backwards is as short.
/// </remarks>
public static class PositionMaker
{
    /// <summary>A new position between two neighbours.</summary>
    /// <param name="left">The one before, or none.</param>
    /// <param name="right">The next one with greater bytes, or none.</param>
    /// <param name="tag">The tag of the operation that is being made.</param>
    /// <param name="own">What the log being written gave out before; it learns of the new one.</param>
    /// <exception cref="PositionTooLongException">It would be too long.</exception>
    public static TreePosition Between(TreePosition left, TreePosition right, PositionTag tag, IWaypoints own)
    {
        if (!right.IsNone && left >= right)
        {
            throw new ArgumentException($"The neighbours stand in the wrong order: {left}, then {right}.", nameof(right));
        }

        if (TryAbove(left, right, own, out var above))
        {
            return above;
        }

        if (TryBelow(left, right, own, out var below))
        {
            return below;
        }

        return right.IsNone || (!left.IsNone && !IsBelow(left, right))
            ? Open(left.Bytes, tag, own)
            : Open(Decremented(right), tag, own);
    }

    /// <summary>Goes on where this log left off last, upwards.</summary>
    private static bool TryAbove(TreePosition left, TreePosition right, IWaypoints own, out TreePosition position)
    {
        foreach (var segment in left.Segments())
        {
            var waypoint = left.Bytes[..segment.WaypointLength];
            if (own.Find(waypoint) is { } range && segment.Number == range.Greatest && range.Greatest <= long.MaxValue - 2)
            {
                position = Append(waypoint, range.Greatest + 2);
                if (right.IsNone || position < right)
                {
                    own.Keep(waypoint, range with { Greatest = range.Greatest + 2 });
                    return true;
                }
            }
        }

        position = default;
        return false;
    }

    /// <summary>Goes on where this log left off last, downwards.</summary>
    private static bool TryBelow(TreePosition left, TreePosition right, IWaypoints own, out TreePosition position)
    {
        foreach (var segment in right.Segments())
        {
            var waypoint = right.Bytes[..segment.WaypointLength];
            if (own.Find(waypoint) is { } range && (segment.Number == range.Least || segment.Number == range.Least - 1)
                && range.Least >= long.MinValue + 3)
            {
                position = Append(waypoint, range.Least - 2);
                if (left.IsNone || left < position)
                {
                    own.Keep(waypoint, range with { Least = range.Least - 2 });
                    return true;
                }
            }
        }

        position = default;
        return false;
    }

    /// <summary>Whether the right one hangs below the left one in the tree that positions write down.</summary>
    private static bool IsBelow(TreePosition left, TreePosition right)
    {
        if (right.Bytes.StartsWith(left.Bytes))
        {
            return true;
        }

        var lefts = left.Segments();
        var rights = right.Segments();
        for (var i = 0; i < Math.Min(lefts.Count, rights.Count); i++)
        {
            var length = lefts[i].WaypointLength;
            if (length != rights[i].WaypointLength || !left.Bytes[..length].SequenceEqual(right.Bytes[..length]))
            {
                return false;
            }

            if (lefts[i].Number != rights[i].Number)
            {
                var under = Decremented(right);
                return lefts[i].Number >= 1 && left.Bytes.SequenceCompareTo(under) < 0 && !left.Bytes.StartsWith(under);
            }
        }

        return false;
    }

    /// <summary>The position with its last number one less: even, so it is none itself, and what hangs there comes just before.</summary>
    private static byte[] Decremented(TreePosition position)
    {
        var last = position.Segments()[^1];
        Span<byte> number = stackalloc byte[PositionNumber.BytesMax];
        var length = PositionNumber.Write(last.Number - 1, number);
        return [.. position.Bytes[..last.WaypointLength], .. number[..length]];
    }

    private static TreePosition Open(ReadOnlySpan<byte> prefix, PositionTag tag, IWaypoints own)
    {
        var waypoint = new byte[prefix.Length + PositionTag.Size];
        prefix.CopyTo(waypoint);
        tag.CopyTo(waypoint.AsSpan(prefix.Length));
        var position = Append(waypoint, 1);
        own.Keep(waypoint, new(1, 1));
        return position;
    }

    private static TreePosition Append(ReadOnlySpan<byte> waypoint, long number)
    {
        Span<byte> bytes = stackalloc byte[PositionNumber.BytesMax];
        var length = PositionNumber.Write(number, bytes);
        return waypoint.Length + length <= TreePosition.BytesMax
            ? TreePosition.FromBytes([.. waypoint, .. bytes[..length]])
            : throw new PositionTooLongException(waypoint.Length + length);
    }
}
