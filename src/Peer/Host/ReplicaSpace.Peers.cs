using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Net;
using Replica.Peer.Store;
using Replica.Peer.Sync;

namespace Replica.Peer.Host;

/// <content>What the space knows of its peers, and what this device tells them of itself.</content>
public sealed partial class ReplicaSpace
{
    /// <summary>How often a watch looks for presences that are over.</summary>
    private static readonly TimeSpan PresenceLook = TimeSpan.FromSeconds(1);

    /// <summary>Which peers said that they hold the last changes of a node or edge durably.</summary>
    /// <exception cref="ReplicaException">Nothing ever touched it (<c>REPLICA_NOT_FOUND</c>).</exception>
    public ValueTask<HolderReport> GetHoldersAsync(Target target, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Faults.Translate(() =>
        {
            using var reader = _space.Store.OpenReader();
            var row = reader.GetRow(target)
                ?? throw new ReplicaException("REPLICA_NOT_FOUND", $"No change in the space '{Name}' is on {target}: list the ids with ls.");
            var logs = reader.ReadLogs();
            var last = StampTable.Of(ElementRowCodec.Decode(row, target is Target.Edge)).Changes
                .GroupBy(static change => change.Branch)
                .Select(changes => new Position(logs[changes.Key.Value].Log, changes.Max(static change => change.Seq), default))
                .Order()
                .ToArray();
            return new HolderReport([.. last.Select(static position => position.Dot)], _space.Peers.WhoHas(last));
        }));
    }

    /// <summary>Tells connected peers something of this device, in place of what it told before; it is kept nowhere.</summary>
    /// <param name="content">At most 4 KiB; at most ten a second reach a peer, the last one always.</param>
    /// <param name="ttl">How long it holds, at most 60 seconds; zero takes it back.</param>
    /// <exception cref="ReplicaException">It is too long, or is to hold for too long (<c>REPLICA_INVALID</c>).</exception>
    public void SetPresence(ReadOnlyMemory<byte> content, TimeSpan ttl)
    {
        if (content.Length > SyncLimits.PresenceBytesMax)
        {
            throw new ReplicaException(
                "REPLICA_INVALID", $"A presence of {content.Length} bytes was given; at most {SyncLimits.PresenceBytesMax} are allowed.");
        }

        if (ttl < TimeSpan.Zero || ttl.TotalMilliseconds > SyncLimits.PresenceTtlMaxMilliseconds)
        {
            throw new ReplicaException(
                "REPLICA_INVALID",
                $"A presence can't hold for {ttl.TotalSeconds:0.###} s: from 0 to {SyncLimits.PresenceTtlMaxMilliseconds / 1000} s are allowed; "
                + "say it again before it is over.");
        }

        _space.Presences.SetOwn(content, ttl);
    }

    /// <summary>What peers say of themselves now, by device.</summary>
    public IReadOnlyList<PresenceEntry> ListPresence() => _space.Presences.List();

    /// <summary>What peers say of themselves now, and from then on each news; one that is over comes once more, empty. Ends when the space is closed.</summary>
    public async IAsyncEnumerable<PresenceEntry> WatchPresenceAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var watch = _space.Presences.Watch(() => changed.Writer.TryWrite(true));
        using var end = _space.Store.Watch(() => changed.Writer.TryWrite(true));
        await using var look = _home.Time.CreateTimer(_ => changed.Writer.TryWrite(true), null, PresenceLook, PresenceLook);
        var shown = new Dictionary<string, long>();
        do
        {
            var now = _space.Presences.ListSince(0);
            foreach (var gone in shown.Keys.Except(now.Select(static pair => pair.Entry.Device)).ToArray())
            {
                _ = shown.Remove(gone);
                yield return new(gone, default, TimeSpan.Zero);
            }

            foreach (var (entry, version) in now)
            {
                if (shown.GetValueOrDefault(entry.Device) < version)
                {
                    shown[entry.Device] = version;
                    yield return entry;
                }
            }
        }
        while (!_space.Store.AreWatchesOver && await changed.Reader.ReadAsync(cancellationToken));
    }

    /// <summary>What a person who writes here must know: which peers do not take this device's changes, and why.</summary>
    private IReadOnlyList<string> NoticesOf(LogStatus[] logs) =>
    [
        .. from own in logs
           where own.Device == _home.Device.ToString()
           from refused in _space.Peers.RefusalsOf(own.Log)
           select $"device {refused.Device.ToString()[..16]} does not take this device's changes from {refused.Refusal.At.Seq} on: "
               + RefusalText.Of(refused.Refusal),
    ];
}
