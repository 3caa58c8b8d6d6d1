using System.Runtime.InteropServices;

namespace Replica.Transport.Relay;

/// <summary>What devices left under tags for each other, sealed. Any thread may call.</summary>
/// <param name="entriesMax">The most entries in all.</param>
/// <param name="time">The clock.</param>
internal sealed class RendezvousTable(int entriesMax, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DeviceKey, List<Entry>> _byTag = [];
    private int _count;

    /// <summary>Entries now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Keeps an entry; an earlier one of the same device under the same tag is replaced.</summary>
    /// <param name="tag">32 bytes.</param>
    /// <param name="owner">The device's routing key.</param>
    /// <param name="isSealed">What it left.</param>
    /// <param name="lifetime">How long it holds.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd(ReadOnlySpan<byte> tag, DeviceKey owner, ReadOnlyMemory<byte> isSealed, TimeSpan lifetime)
    {
        var until = time.GetTimestamp() + (long)(lifetime.TotalSeconds * time.TimestampFrequency);
        lock (_gate)
        {
            ref var entries = ref CollectionsMarshal.GetValueRefOrAddDefault(_byTag, DeviceKey.FromBytes(tag), out _);
            entries ??= [];
            _count -= entries.RemoveAll(entry => entry.Owner == owner);
            if (entries.Count >= RelayFrame.EntriesMax)
            {
                // Who can compute the tag may fill it; the oldest goes, so that newcomers are not kept out.
                entries.RemoveAt(0);
                _count--;
            }

            if (_count >= entriesMax)
            {
                return false;
            }

            entries.Add(new(owner, isSealed, until));
            _count++;
            return true;
        }
    }

    /// <summary>What was left under a tag and still holds.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Find(ReadOnlySpan<byte> tag)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            return _byTag.TryGetValue(DeviceKey.FromBytes(tag), out var entries)
                ? [.. entries.Where(entry => entry.Until > now).Select(static entry => entry.Sealed)]
                : [];
        }
    }

    /// <summary>Drops what has run out.</summary>
    public void Sweep()
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            foreach (var (tag, entries) in _byTag.ToArray())
            {
                _count -= entries.RemoveAll(entry => entry.Until <= now);
                if (entries.Count == 0)
                {
                    _ = _byTag.Remove(tag);
                }
            }
        }
    }

    private sealed record Entry(DeviceKey Owner, ReadOnlyMemory<byte> Sealed, long Until);
}
