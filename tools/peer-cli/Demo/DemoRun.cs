using System.Diagnostics;
using System.Runtime.CompilerServices;
using Replica.Peer.Host;
using Replica.PeerCli.Control;
using Replica.PeerCli.Demo.Contests;
using Replica.PeerCli.Demo.Graphs;
using Replica.PeerCli.Demo.Peers;
using Replica.PeerCli.Demo.Reports;
using Replica.PeerCli.Demo.Screen;
using Replica.PeerCli.Import;

namespace Replica.PeerCli.Demo;

/// <summary>The demo from beginning to end: three peers, one graph, a cut, conflicts, a kill, and one result.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private const int PeerCount = 3;
    private const int TypesMax = 16;

    /// <summary>How many acknowledged writes the last peer has to its name when it is killed.</summary>
    private const int WritesBeforeKill = 300;

    private readonly GraphSource _graph;
    private readonly DemoOptions _options;
    private readonly IDemoScreen _screen;
    private readonly DirectoryInfo _folder;
    private readonly DemoPeer[] _peers;
    private readonly DemoWatch _watch;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<PhaseTime> _phases = [];
    private readonly SortedSet<string> _types = new(StringComparer.Ordinal);
    private string _step = "it started";

    /// <summary>Makes ready; nothing is started yet.</summary>
    /// <exception cref="ReplicaException">There is no graph to load.</exception>
    public DemoRun(DemoOptions options, IDemoScreen screen, Executable executable)
    {
        _options = options;
        _screen = screen;
        _graph = GraphSource.Open(options.Data);
        _folder = Directory.CreateTempSubdirectory("replica-demo-");
        _peers = [.. Enumerable.Range(1, PeerCount).Select(number =>
            new DemoPeer(executable, number, Path.Combine(_folder.FullName, $"peer-{number}")))];
        _watch = new(_peers, screen);
    }

    private DemoPeer First => _peers[0];

    private DemoPeer Late => _peers[^1];

    /// <summary>Runs it.</summary>
    /// <exception cref="ReplicaException">A peer failed, nothing moved, or it took too long.</exception>
    public async Task<DemoReport> RunAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Limit);
        try
        {
            return await PlayAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ReplicaException(
                "REPLICA_DEMO_TOO_LONG",
                $"The demo was not over after {_options.Limit.TotalSeconds:N0} s; the last step was: {_step}. "
                + "Give it longer with --limit, or a smaller graph.");
        }
    }

    /// <summary>Ends all that was started and removes what was made.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }

        if (!_options.KeepsHomes)
        {
            _folder.Delete(recursive: true);
        }
    }

    private async Task<DemoReport> PlayAsync(CancellationToken cancellationToken)
    {
        await PhaseAsync("start", FoundAsync, cancellationToken);
        var (records, skipped) = await PhaseAsync("load", LoadAsync, cancellationToken);
        await PhaseAsync("catch-up", CatchUpAsync, cancellationToken);
        var subjects = await Subjects.PickAsync(First, _types, cancellationToken);
        await _watch.UntilLevelAsync("all peers have the whole graph", cancellationToken);
        await PhaseAsync("cut", CutAsync, cancellationToken);
        var loadWireBytes = SentBytes();
        var contests = ContestScript.For(subjects);
        var stamps = await PhaseAsync("conflicts", token => EditAsync(contests, token), cancellationToken);
        var crash = await PhaseAsync("kill and restart", CrashAsync, cancellationToken);
        await PhaseAsync("heal", HealAsync, cancellationToken);
        return await ReportAsync(records, skipped, loadWireBytes, contests, stamps, crash, cancellationToken);
    }

    private async Task FoundAsync(CancellationToken cancellationToken)
    {
        Begin("starting peers 1 and 2; peer 1 founds the space, the others get a ticket");
        await First.MakeHomeAsync(ticket: null, cancellationToken);
        await First.StartAsync([], cancellationToken);
        var ticket = await First.InviteAsync(PeerCount - 1, cancellationToken);
        await Task.WhenAll(_peers[1..].Select(peer => peer.MakeHomeAsync(ticket, cancellationToken)));
        await _peers[1].StartAsync([First.Address], cancellationToken);
        await _watch.UntilAsync("peer 2 is let in", () => _peers[1].Reading is { IsJoinPending: false, Connections: > 0 }, cancellationToken);
    }

    private async Task<(long Records, long Skipped)> LoadAsync(CancellationToken cancellationToken)
    {
        Begin($"loading into peer 1, peer 2 follows: {_graph.Description}");
        var skipped = 0L;
        var importer = new Importer(
            (body, token) => First.Client.PostAsync(Paths.Of(DemoPeer.Space, "transactions"), body, token),
            ImportLimits.BatchLines, _ => skipped++, static () => { });
        var loading = importer.RunAsync("the graph", ObserveAsync(cancellationToken), cancellationToken);
        try
        {
            await _watch.UntilAsync("the graph is loaded", () => loading.IsCompleted, cancellationToken);
        }
        finally
        {
            await loading;
        }

        await _watch.UntilLevelAsync("peer 2 has the whole graph", cancellationToken);
        return (importer.Tally.Nodes + importer.Tally.Edges, skipped);
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        Begin("starting peer 3, which has nothing yet and catches up");
        await Late.StartAsync(_peers[..^1].Select(static peer => peer.Address), cancellationToken);
        await _watch.UntilLevelAsync("peer 3 has the whole graph", cancellationToken);
    }

    private async Task CutAsync(CancellationToken cancellationToken)
    {
        Begin("cutting all connections");
        await Task.WhenAll(_peers.Select(peer => peer.PauseAsync(cancellationToken)));
        await _watch.UntilAsync(
            "all connections are cut", () => _peers.All(static peer => peer.Reading is { IsPaused: true, Connections: 0 }), cancellationToken);
    }

    private async Task<Dictionary<Edit, WriteStamp>> EditAsync(IReadOnlyList<Contest> contests, CancellationToken cancellationToken)
    {
        Begin("all three edit the same nodes and edges, none sees the others");
        var stamps = new Dictionary<Edit, WriteStamp>();
        foreach (var contest in contests)
        {
            var writes = contest.Edits.Select(edit => _peers[edit.Peer].WriteAsync(edit.Mutations, cancellationToken));
            foreach (var (edit, stamp) in contest.Edits.Zip(await Task.WhenAll(writes)))
            {
                stamps.Add(edit, stamp);
            }
        }

        await _watch.LookAsync(cancellationToken);
        return stamps;
    }

    private async Task<CrashReport> CrashAsync(CancellationToken cancellationToken)
    {
        Begin($"peer 3 gets a stream of writes and is killed in the middle of it (SIGKILL, process {Late.ProcessId})");
        var writes = new AcknowledgedWrites(Late);
        var stream = writes.RunAsync(cancellationToken);
        await Task.WhenAny(writes.ReachAsync(WritesBeforeKill), stream);
        await Late.KillAsync(stream);
        Begin($"peer 3 was killed after {writes.Acknowledged.Count:N0} acknowledged writes; starting it again");
        await _watch.LookAsync(cancellationToken);
        await Late.StartAsync(_peers[..^1].Select(static peer => peer.Address), cancellationToken);
        await Late.PauseAsync(cancellationToken);
        var found = await Late.NodesAsync(null, AcknowledgedWrites.Prefix, AcknowledgedWrites.WritesMax, cancellationToken);
        var there = found.Select(static node => node.Id).ToHashSet(StringComparer.Ordinal);
        var acknowledged = writes.Acknowledged;
        var kept = acknowledged.Count(there.Contains);
        return new(Late.Name, acknowledged.Count, kept, writes.Asked - acknowledged.Count, there.Count - kept);
    }

    private async Task HealAsync(CancellationToken cancellationToken)
    {
        Begin("letting the peers connect again");
        await Task.WhenAll(_peers.Select(peer => peer.ResumeAsync(cancellationToken)));
        await _watch.UntilLevelAsync("all peers have all changes", cancellationToken);
        Begin("all peers have the same changes; comparing what they show");
    }

    private async Task<DemoReport> ReportAsync(
        long records, long skipped, long loadWireBytes, IReadOnlyList<Contest> contests, Dictionary<Edit, WriteStamp> stamps, CrashReport crash,
        CancellationToken cancellationToken)
    {
        var states = await PhaseAsync(
            "compare", token => Task.WhenAll(_peers.Select(peer => peer.DigestAsync(token))), cancellationToken);
        var aftermath = new Aftermath(First, stamps);
        var rulings = new List<ContestReport>();
        foreach (var contest in contests)
        {
            rulings.Add(new(contest, await contest.Judge(aftermath, cancellationToken)));
        }

        await _watch.LookAsync(cancellationToken);
        var logs = First.Reading!.Positions.Count;
        var reports = _peers.Zip(states).Select(static pair => Report(pair.First, pair.Second)).ToArray();
        var healWireBytes = SentBytes() - loadWireBytes;
        await Task.WhenAll(_peers.Select(static peer => peer.StopAsync()));
        return new(
            _graph.Description, records, skipped, logs, reports, rulings, crash, _phases, loadWireBytes, healWireBytes, _clock.Elapsed,
            _options.KeepsHomes ? _folder.FullName : null);
    }

    private static PeerReport Report(DemoPeer peer, StateDigest state) => new(
        peer.Name, state, peer.Reading!.Nodes, peer.Reading.Edges, peer.Reading.Changes, peer.BytesOut, peer.MemoryBytesMax,
        new DirectoryInfo(peer.Home).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Length), peer.Home);

    /// <summary>The graph, with a look at the types that pass by.</summary>
    private async IAsyncEnumerable<ImportItem> ObserveAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in _graph.ReadAsync(cancellationToken))
        {
            foreach (var mutation in item.Mutations)
            {
                if (_types.Count < TypesMax && mutation is Mutation.PutNode { Type: { } type })
                {
                    _ = _types.Add(type);
                }
            }

            yield return item;
        }
    }

    private long SentBytes() => _peers.Sum(static peer => peer.BytesOut);

    private void Begin(string text)
    {
        _step = text;
        _screen.Begin(text);
    }

    private async Task PhaseAsync(string name, Func<CancellationToken, Task> phase, CancellationToken cancellationToken)
    {
        var start = _clock.Elapsed;
        await phase(cancellationToken);
        _phases.Add(new(name, _clock.Elapsed - start));
    }

    private async Task<T> PhaseAsync<T>(string name, Func<CancellationToken, Task<T>> phase, CancellationToken cancellationToken)
    {
        var start = _clock.Elapsed;
        var result = await phase(cancellationToken);
        _phases.Add(new(name, _clock.Elapsed - start));
        return result;
    }
}
