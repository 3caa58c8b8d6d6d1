using System.Buffers.Binary;
using System.Security.Cryptography;
using Replica.Crdt.Causality;

namespace Replica.Peer.Sync;

/// <summary>This replica's durable positions, the newest that were heard of.</summary>
internal sealed class OwnPositions
{
    private readonly Dictionary<LogId, Position> _tips = [];
    private UInt128 _total;

    /// <summary>All positions, ascending.</summary>
    public IReadOnlyList<Position> All { get; private set; } = [];

    /// <summary>What the last newer list brought, ascending.</summary>
    public IReadOnlyList<Position> Grown { get; private set; } = [];

    /// <summary>How many logs there are.</summary>
    public int Count => _tips.Count;

    /// <summary>How far a log reaches here; the empty log if it is not known.</summary>
    public Position this[LogId log] => _tips.GetValueOrDefault(log, new(log, 0, default));

    /// <summary>Whether any change of the log is here.</summary>
    public bool Contains(LogId log) => _tips.ContainsKey(log);

    /// <summary>Takes a newer list; an older one that came late changes nothing.</summary>
    /// <returns>Whether it was newer.</returns>
    public bool Update(IReadOnlyList<Position> positions)
    {
        // Logs only grow, so of two lists the one with more changes in all is the newer.
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
        var grown = new List<Position>();
        foreach (var position in positions)
        {
            if (!_tips.TryGetValue(position.Log, out var before) || before != position)
            {
                _tips[position.Log] = position;
                grown.Add(position);
            }
        }

        Grown = grown;

        return true;
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
