using Replica.Peer.Net;

namespace Replica.Peer.Host;

/// <content>What a home does on its own account: backups, and numbers for whoever watches it.</content>
public sealed partial class ReplicaHome
{
    private readonly CancellationTokenSource _stopping = new();
    private BackupKeeper? _backups;
    private Task _backingUp = Task.CompletedTask;

    /// <summary>Where it is told how much happens.</summary>
    internal Telemetry.PeerTelemetry Telemetry => _telemetry;

    /// <summary>How it stands with the backups of a space; null if it is not saved again and again, or not looked at yet.</summary>
    internal BackupStatus? BackupOf(string space) => _backups?.StatusOf(space);

    private void StartBackups()
    {
        if (_options.Backups is { } rotation)
        {
            _backups = new(rotation, Device.ToString(), AllSpaces, Time, _telemetry, _options.Loggers.CreateLogger("Replica.Peer.Host"));
            _backingUp = _backups.RunAsync(_stopping.Token);
        }
    }

    private async Task StopBackupsAsync()
    {
        await _stopping.CancelAsync();
        await _backingUp;
    }

    private IReadOnlyList<ReplicaSpace> AllSpaces()
    {
        lock (_gate)
        {
            return [.. _spaces.Values];
        }
    }

    private void Observe()
    {
        _telemetry.Observe("replica.spaces", "{space}", "Spaces of the home.", () => AllSpaces().Count);
        _telemetry.Observe(
            "replica.sessions", "{session}", "Sessions with peers now.", () => _network.GetPeers().Count(static peer => peer.State == "connected"));
        _telemetry.Observe(
            "replica.store.queue", "{request}", "Requests that wait for a space's writer, all spaces together.",
            () => Stored().Sum(static space => space.Store.Waiting));
        _telemetry.Observe(
            "replica.store.wal", "By", "Bytes in write-ahead logs, all spaces together.", () => Stored().Sum(space => LengthOf(space.Name, "-wal")));
        _telemetry.Observe(
            "replica.store.size", "By", "Bytes in database files, all spaces together.", () => Stored().Sum(space => LengthOf(space.Name, "")));
    }

    private NetSpace[] Stored()
    {
        lock (_gate)
        {
            return [.. _stored.Values];
        }
    }

    private long LengthOf(string space, string suffix) => new FileInfo(PathOf(space) + suffix) is { Exists: true } file ? file.Length : 0;
}
