using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Replica.Peer.Telemetry;

/// <summary>
/// What a home tells about its work: instruments and activities of the framework's own kind, under stable names. None has an id, a
/// name, an address or a key in it: whoever collects them learns how much happens here, not what or with whom.
/// </summary>
/// <remarks>
/// Names, units and attributes stand in <c>docs/operations.md</c>. An instrument that nobody listens to costs one look at a field.
/// </remarks>
public sealed class PeerTelemetry : IDisposable
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string Name = "Replica.Peer";

    private const string Outcome = "outcome";
    private const string Direction = "direction";
    private const string Origin = "origin";
    private const string Code = "code";

    // From a commit that waits for nothing to one behind a disk that hangs.
    private static readonly double[] s_commitSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly ActivitySource _activities = new(Name);
    private readonly Counter<long> _commits;
    private readonly Histogram<double> _commitDuration;
    private readonly Counter<long> _applied;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _io;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _backups;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Makes the meter, as in an application with dependency injection; null makes one of its own.</param>
    internal PeerTelemetry(IMeterFactory? meters)
    {
        _ownsMeter = meters is null;
        _meter = meters is null ? new(Name) : meters.Create(new MeterOptions(Name));
        _commits = _meter.CreateCounter<long>("replica.commits", "{commit}", "Commits that stored changes.");
        _commitDuration = _meter.CreateHistogram(
            "replica.commit.duration", "s", "How long a commit that stored changes took, the disk included.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = s_commitSeconds });
        _applied = _meter.CreateCounter<long>("replica.changes.applied", "{change}", "Changes stored, by where they came from.");
        _refused = _meter.CreateCounter<long>("replica.runs.refused", "{run}", "Runs of changes from peers that were not taken, by code.");
        _io = _meter.CreateCounter<long>("replica.session.io", "By", "Bytes inside sessions with peers, before encryption.");
        _attempts = _meter.CreateCounter<long>("replica.connection.attempts", "{attempt}", "Connections tried or taken in, by how they ended up.");
        _backups = _meter.CreateCounter<long>("replica.backups", "{backup}", "Backups of the rotation, by how they ended.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _activities.Dispose();
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    /// <summary>Whether somebody wants to know how long commits take.</summary>
    internal bool IsCommitTimed => _commitDuration.Enabled;

    /// <summary>Lets somebody look at a number whenever the instruments are read.</summary>
    internal void Observe(string name, string unit, string description, Func<long> look) =>
        _ = _meter.CreateObservableUpDownCounter(name, look, unit, description);

    /// <summary>A commit stored changes.</summary>
    /// <param name="took">How long it took; null if nobody wanted to know.</param>
    internal void OnCommit(TimeSpan? took)
    {
        _commits.Add(1);
        if (took is { } duration)
        {
            _commitDuration.Record(duration.TotalSeconds);
        }
    }

    /// <summary>Changes were stored.</summary>
    internal void OnApplied(long count, bool isLocal) => _applied.Add(count, new KeyValuePair<string, object?>(Origin, isLocal ? "local" : "peer"));

    /// <summary>A run from a peer was not taken.</summary>
    /// <param name="code">The stable code of why.</param>
    internal void OnRefused(string code) => _refused.Add(1, new KeyValuePair<string, object?>(Code, code));

    /// <summary>Bytes came in a session.</summary>
    internal void OnReceived(long bytes) => _io.Add(bytes, new KeyValuePair<string, object?>(Direction, "receive"));

    /// <summary>Bytes went out in a session.</summary>
    internal void OnSent(long bytes) => _io.Add(bytes, new KeyValuePair<string, object?>(Direction, "transmit"));

    /// <summary>A connection was tried or taken in, and it is known what became of it.</summary>
    internal void OnAttempt(bool isDialled, AttemptOutcome outcome) => _attempts.Add(
        1,
        new KeyValuePair<string, object?>(Direction, isDialled ? "dialled" : "accepted"),
        new KeyValuePair<string, object?>(Outcome, NameOf(outcome)));

    /// <summary>A backup of the rotation ended.</summary>
    internal void OnBackup(bool isSaved) => _backups.Add(1, new KeyValuePair<string, object?>(Outcome, isSaved ? "saved" : "failed"));

    /// <summary>Begins an activity; null if nobody listens.</summary>
    /// <param name="name">One of the documented names.</param>
    /// <param name="kind">Which side of a connection it is on.</param>
    internal Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => _activities.StartActivity(name, kind);

    private static string NameOf(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Connected => "connected",
        AttemptOutcome.Unreachable => "unreachable",
        AttemptOutcome.NoHandshake => "no_handshake",
        AttemptOutcome.Cancelled => "cancelled",
        _ => "fault",
    };
}
