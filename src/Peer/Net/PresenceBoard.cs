using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>The presences of one space: this device's own, and those that connected peers sent. Any thread may call.</summary>
internal sealed class PresenceBoard(TimeProvider time)
{
    /// <summary>Of how many devices it is kept; who comes when it is full replaces the one that ends first.</summary>
    private const int DevicesMax = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<DeviceKey, Held> _held = [];
    private readonly List<Action> _watchers = [];
    private Held? _own;
    private long _version;

    /// <summary>Says something for this device, in place of what it said before.</summary>
    public void SetOwn(ReadOnlyMemory<byte> content, TimeSpan ttl)
    {
        lock (_gate)
        {
            _own = new(content.ToArray(), time.GetTimestamp(), ttl, ++_version);
        }

        Tell();
    }

    /// <summary>What this device says now; nothing if it says nothing, or a peer need not be told.</summary>
    /// <param name="told">The version that the peer was told last.</param>
    public (ReadOnlyMemory<byte> Content, TimeSpan Left, long Version)? News(long told)
    {
        lock (_gate)
        {
            return _own is { } own && own.Version > told && (told > 0 || Left(own) > TimeSpan.Zero)
                ? (own.Content, Left(own), own.Version)
                : null;
        }
    }

    /// <summary>Takes what a peer says.</summary>
    public void Take(DeviceKey device, ReadOnlyMemory<byte> content, TimeSpan ttl)
    {
        lock (_gate)
        {
            if (_held.Count >= DevicesMax && !_held.ContainsKey(device))
            {
                _ = _held.Remove(_held.MinBy(pair => Left(pair.Value)).Key);
            }

            _held[device] = new(content.ToArray(), time.GetTimestamp(), ttl, ++_version);
        }

        Tell();
    }

    /// <summary>All that hold now, by device.</summary>
    public IReadOnlyList<PresenceEntry> List() => [.. ListSince(0).Select(static pair => pair.Entry)];

    /// <summary>All that hold now with their versions, by device.</summary>
    public IReadOnlyList<(PresenceEntry Entry, long Version)> ListSince(long version)
    {
        lock (_gate)
        {
            foreach (var device in _held.Where(pair => Left(pair.Value) <= TimeSpan.Zero).Select(static pair => pair.Key).ToArray())
            {
                _ = _held.Remove(device);
            }

            return
            [
                .. _held.Where(pair => pair.Value.Version > version)
                    .Select(pair => (new PresenceEntry(pair.Key.ToString(), pair.Value.Content, Left(pair.Value)), pair.Value.Version))
                    .OrderBy(static pair => pair.Item1.Device, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>Calls back when anybody says something; the callback must only signal.</summary>
    /// <returns>Ends the watch.</returns>
    public IDisposable Watch(Action changed)
    {
        lock (_gate)
        {
            _watchers.Add(changed);
        }

        return new Watcher(this, changed);
    }

    private TimeSpan Left(Held held)
    {
        var left = held.Ttl - time.GetElapsedTime(held.At);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Tell()
    {
        Action[] watchers;
        lock (_gate)
        {
            watchers = [.. _watchers];
        }

        foreach (var watcher in watchers)
        {
            watcher();
        }
    }

    private sealed record Held(ReadOnlyMemory<byte> Content, long At, TimeSpan Ttl, long Version);

    private sealed class Watcher(PresenceBoard board, Action changed) : IDisposable
    {
        public void Dispose()
        {
            lock (board._gate)
            {
                _ = board._watchers.Remove(changed);
            }
        }
    }
}
