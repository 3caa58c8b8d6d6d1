using Microsoft.Extensions.Logging;
using Replica.Peer.Store.Integrity;
using Replica.Peer.Telemetry;

namespace Replica.Peer.Host;

/// <summary>Saves the spaces of a home when they are due, one after the other, and removes its oldest files.</summary>
/// <param name="rotation">Where, how often, how many.</param>
/// <param name="device">The home's device key, hex.</param>
/// <param name="spaces">The spaces as they are now.</param>
/// <param name="time">The clock.</param>
/// <param name="telemetry">Where backups are counted.</param>
/// <param name="log">Where it is told what was saved, and what was not and why.</param>
internal sealed partial class BackupKeeper(
    BackupRotation rotation, string device, Func<IReadOnlyList<ReplicaSpace>> spaces, TimeProvider time, PeerTelemetry telemetry, ILogger log)
{
    /// <summary>A home that is just opened has better things to do.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);

    /// <summary>So often it is looked anyway: spaces come, and clocks are set.</summary>
    private static readonly TimeSpan LookMax = TimeSpan.FromHours(1);

    /// <summary>After a failure it is tried again so soon, or when the next is due if that is sooner.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, BackupStatus> _status = [];

    /// <summary>How it stands with a space; null before it was looked at.</summary>
    public BackupStatus? StatusOf(string space)
    {
        lock (_gate)
        {
            return _status.GetValueOrDefault(space);
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(FirstLook, time, cancellationToken);
            while (true)
            {
                var next = time.GetUtcNow() + LookMax;
                foreach (var space in spaces())
                {
                    var due = await SaveIfDueAsync(space, cancellationToken);
                    next = due < next ? due : next;
                }

                var pause = next - time.GetUtcNow();
                await Task.Delay(pause < FirstLook ? FirstLook : pause, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The home is being closed; what was half done is gone.
        }
    }

    private async Task<DateTimeOffset> SaveIfDueAsync(ReplicaSpace space, CancellationToken cancellationToken)
    {
        var name = new BackupName(space.Name, space.Id.ToString(), device);
        var status = StatusOf(space.Name) ?? Look(space, name);
        var now = time.GetUtcNow();
        if (status.NextAt > now)
        {
            // A clock that was set back must not put the next one off by more than a period.
            return status.NextAt - now > rotation.Every ? Set(space, status with { NextAt = now + rotation.Every }) : status.NextAt;
        }

        try
        {
            var file = Path.Combine(rotation.Directory, name.At(now));
            var bytes = await SaveAsync(space, file, cancellationToken);
            Tidy(name, now);
            Saved(log, space.Name, file, bytes);
            telemetry.OnBackup(isSaved: true);
            return Set(space, new(file, now, now + rotation.Every, null));
        }
        catch (ReplicaException busy) when (busy.Code == "REPLICA_BUSY")
        {
            return Set(space, status with { NextAt = now + BackupRotation.EveryMin });
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            var text = fault is ReplicaException known ? $"{known.Message} ({known.Code})" : $"{fault.Message} (REPLICA_IO)";
            Failed(log, space.Name, rotation.Directory, text);
            telemetry.OnBackup(isSaved: false);
            return Set(space, status with { NextAt = now + (rotation.Every < RetryAfter ? rotation.Every : RetryAfter), Failure = text });
        }
    }

    private async Task<long> SaveAsync(ReplicaSpace space, string file, CancellationToken cancellationToken)
    {
        _ = ReplicaHome.CreateDirectory(rotation.Directory);
        var bytes = 0L;
        await foreach (var step in space.BackupAsync(file, null, cancellationToken))
        {
            bytes = step is IntegrityEvent.Saved saved ? saved.Summary.Bytes : bytes;
        }

        return bytes;
    }

    private void Tidy(BackupName name, DateTimeOffset now)
    {
        foreach (var (path, _) in name.Find(rotation.Directory, now).Skip(rotation.Keep))
        {
            File.Delete(path);
        }

        foreach (var path in name.FindPartial(rotation.Directory))
        {
            ScratchSpace.Delete(path);
        }
    }

    /// <summary>What earlier runs left tells when the next is due.</summary>
    private BackupStatus Look(ReplicaSpace space, BackupName name)
    {
        var now = time.GetUtcNow();
        try
        {
            var files = name.Find(rotation.Directory, now);
            BackupStatus found = files.Count == 0
                ? new(null, null, now, null)
                : new(files[0].Path, files[0].At, files[0].At > now ? now : files[0].At + rotation.Every, null);
            _ = Set(space, found);
            return found;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Saving fails in the same way and says so.
            return new(null, null, now, null);
        }
    }

    private DateTimeOffset Set(ReplicaSpace space, BackupStatus status)
    {
        lock (_gate)
        {
            _status[space.Name] = status;
        }

        return status.NextAt;
    }

    [LoggerMessage(40, LogLevel.Information, "Saved space '{Space}' into {File}, {Bytes} bytes.")]
    private static partial void Saved(ILogger log, string space, string file, long bytes);

    [LoggerMessage(41, LogLevel.Error, "Space '{Space}' could not be saved into {Folder}: {Reason} It is tried again.")]
    private static partial void Failed(ILogger log, string space, string folder, string reason);
}
