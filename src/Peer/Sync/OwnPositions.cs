using System.Buffers.Binary;
using System.Security.Cryptography;
using Replica.Crdt.Causality;

namespace Replica.Peer.Sync;

/// <summary>This replica's durable positions, the newest that were heard of.</summary>
internal sealed class OwnPositions
{
    private readonly Dictionary<LogId, List<Position>> _tips = [];
    private UInt128 _total;

    /// <summary>All positions, ascending; several of a forked log.</summary>
    public IReadOnlyList<Position> All { get; private set; } = [];

    /// <summary>What the last newer list brought, ascending.</summary>
    public IReadOnlyList<Position> Grown { get; private set; } = [];

    /// <summary>The ends of a log's branches; nothing if it is not here.</summary>
    public IReadOnlyList<Position> TipsOf(LogId log) => _tips.GetValueOrDefault(log) ?? [];

    /// <summary>From where a log is wanted: the ends of its branches, or the empty log.</summary>
    public IReadOnlyList<Position> From(LogId log) => _tips.GetValueOrDefault(log) ?? [new(log, 0, default)];

    /// <summary>How far the longest branch of a log reaches.</summary>
    public ulong Reach(LogId log) => TipsOf(log) is { Count: > 0 } tips ? tips[^1].Seq : 0;

    /// <summary>Whether any change of the log is here.</summary>
    public bool Contains(LogId log) => _tips.ContainsKey(log);

    /// <summary>Whether a branch ends there.</summary>
    public bool IsTip(Position place) => TipsOf(place.Log).Contains(place);

    /// <summary>Whether the log has more than one branch here.</summary>
    public bool IsForked(LogId log) => TipsOf(log).Count > 1;

    /// <summary>Takes a newer list; an older one that came late changes nothing.</summary>
    /// <returns>Whether it was newer.</returns>
    public bool Update(IReadOnlyList<Position> positions)
    {
        // Branches only grow and none goes away, so of two lists the one with more changes in all is the newer.
        UInt128 total = 0;
        foreach (var position in positions)
        {
            total += position.Seq;
        }

        if (total <= _total)
        {
            return false;
        }

        _total = total;
        All = positions;
        Grown = [.. positions.Where(position => !IsTip(position))];
        _tips.Clear();
        foreach (var position in positions)
        {
            if (!_tips.TryGetValue(position.Log, out var tips))
            {
                _tips.Add(position.Log, tips = []);
            }

            tips.Add(position);
        }

        return true;
    }

    /// <summary>All positions in parts, at least one.</summary>
    public IEnumerable<(Position[] Part, bool IsLast)> Parts(int positionsMax)
    {
        for (var at = 0; at == 0 || at < All.Count; at += positionsMax)
        {
            yield return ([.. All.Skip(at).Take(positionsMax)], at + positionsMax >= All.Count);
        }
    }

    /// <summary>SHA-256 over log, number (8 bytes, big-endian) and head of all positions.</summary>
    public Bytes32 Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> entry = stackalloc byte[LogId.Size + sizeof(ulong) + HeadPrefix.Size];
        foreach (var position in All)
        {
            position.Log.CopyTo(entry);
            BinaryPrimitives.WriteUInt64BigEndian(entry[LogId.Size..], position.Seq);
            position.Head.CopyTo(entry[(LogId.Size + sizeof(ulong))..]);
            hash.AppendData(entry);
        }

        return Bytes32.FromBytes(hash.GetHashAndReset());
    }
}
