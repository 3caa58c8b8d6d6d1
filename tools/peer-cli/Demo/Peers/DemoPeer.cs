using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.PeerCli.Control;
using Replica.Web.Json;

namespace Replica.PeerCli.Demo.Peers;

/// <summary>One of the demo's peers: a home, the process that serves it, and the way to talk to it.</summary>
/// <param name="executable">How it is started.</param>
/// <param name="number">1, 2 or 3.</param>
/// <param name="home">Its directory.</param>
internal sealed class DemoPeer(Executable executable, int number, string home) : IAsyncDisposable
{
    /// <summary>The space that the demo works in.</summary>
    public const string Space = "main";

    private readonly WireMeter _wire = new();
    private PeerProcess? _process;
    private ControlClient? _client;
    private long _memoryBytesBefore;

    /// <summary>1, 2 or 3.</summary>
    public int Number { get; } = number;

    /// <summary>What it is called.</summary>
    public string Name { get; } = $"peer {number}";

    /// <summary>Its directory.</summary>
    public string Home { get; } = home;

    /// <summary>The number of its process; 0 while none runs.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>The address that it listens on.</summary>
    public string Address => _process?.Address ?? "";

    /// <summary>The last that it said about itself; null while it does not run.</summary>
    public PeerReading? Reading { get; private set; }

    /// <summary>Bytes that it sent to other peers, up to the last reading.</summary>
    public long BytesOut => _wire.BytesOut;

    /// <summary>The most memory that one of its processes had, in bytes.</summary>
    public long MemoryBytesMax => Math.Max(_memoryBytesBefore, _process?.MemoryBytesMax ?? 0);

    /// <summary>Talks to its process.</summary>
    public ControlClient Client => _client ?? throw new InvalidOperationException($"{Name} does not run.");

    /// <summary>Makes its home: a new space, or the one that a ticket leads to.</summary>
    public Task MakeHomeAsync(string? ticket, CancellationToken cancellationToken)
    {
        string[] command = ticket is null ? ["init"] : ["join", ticket];
        return executable.RunAsync(["--dir", Home, .. command, "--name", $"peer-{Number}"], cancellationToken);
    }

    /// <summary>Starts its process and waits until it is ready.</summary>
    /// <param name="connect">The addresses of peers to keep a connection to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAsync(IEnumerable<string> connect, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "--dir", Home, "--json", "run", "--listen", "tcp://127.0.0.1:0",
            .. connect.SelectMany(static address => new[] { "--connect", address }),
        ];
        _process = await PeerProcess.StartAsync(executable, arguments, cancellationToken);
        // Nobody else holds this home, so there is nobody to turn to when the process is gone.
        _client = new ControlClient(_process.ControlPath, static _ => Task.FromResult<string?>(null));
    }

    /// <summary>Kills its process in the middle of whatever it does.</summary>
    /// <param name="underWay">What still talks to it; ends by itself when the process is gone, and must have before the client goes.</param>
    public async Task KillAsync(Task underWay)
    {
        if (_process is not null)
        {
            await _process.KillAsync();
            await underWay;
            await ReleaseAsync();
        }
    }

    /// <summary>Ends its process in order.</summary>
    public async Task StopAsync()
    {
        if (_process is not null)
        {
            _ = await _process.StopAsync();
            await ReleaseAsync();
        }
    }

    /// <summary>Asks how it is, and remembers the answer.</summary>
    /// <exception cref="ReplicaException">Its process is gone.</exception>
    public async Task<PeerReading> ReadAsync(CancellationToken cancellationToken)
    {
        Reading = PeerReading.Parse(await Client.GetAsync("/v1/status", cancellationToken), Space);
        _wire.Take(Reading.Links);
        _process!.Measure();
        return Reading;
    }

    /// <summary>Makes a ticket for the given number of devices.</summary>
    public async Task<string> InviteAsync(int uses, CancellationToken cancellationToken)
    {
        var wish = new JsonObject { ["uses"] = uses };
        using var answer = JsonDocument.Parse(
            await Client.PostAsync(Paths.Of(Space, "invitations"), Encoding.UTF8.GetBytes(wish.ToJsonString()), cancellationToken));
        return Answer.Text(answer.RootElement, "ticket");
    }

    /// <summary>Commits a transaction.</summary>
    /// <returns>The stamp of its change.</returns>
    public async Task<WriteStamp> WriteAsync(IReadOnlyList<Mutation> mutations, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await Client.WriteAsync(Space, mutations, cancellationToken));
        return WriteStamp.Parse(Answer.Text(answer.RootElement, "time"));
    }

    /// <summary>Cuts its connections and makes no new ones.</summary>
    public Task PauseAsync(CancellationToken cancellationToken) => Client.PostAsync("/v1/network/pause", default, cancellationToken);

    /// <summary>Lets it connect again.</summary>
    public Task ResumeAsync(CancellationToken cancellationToken) => Client.PostAsync("/v1/network/resume", default, cancellationToken);

    /// <summary>Its canonical state in short.</summary>
    public async Task<StateDigest> DigestAsync(CancellationToken cancellationToken)
    {
        await using var hash = new HashingStream();
        await Client.CopyAsync(Paths.Of(Space, "state"), hash, cancellationToken);
        return hash.ToDigest();
    }

    /// <summary>Nodes that show, by id.</summary>
    public async Task<IReadOnlyList<Mutation.PutNode>> NodesAsync(string? type, string? prefix, int limit, CancellationToken cancellationToken)
    {
        var nodes = new List<Mutation.PutNode>();
        var path = Paths.Of(Space, "nodes", ("type", type), ("prefix", prefix), ("limit", limit.ToString()));
        await foreach (var line in Client.LinesAsync(path, cancellationToken))
        {
            nodes.Add((Mutation.PutNode)GraphJson.Read(Encoding.UTF8.GetBytes(line)));
        }

        return nodes;
    }

    /// <summary>The node of that id; null if none shows.</summary>
    public async Task<Mutation.PutNode?> NodeAsync(string id, CancellationToken cancellationToken) =>
        (await NodesAsync(null, id, 1, cancellationToken)).FirstOrDefault(node => node.Id == id);

    /// <summary>Edges that show.</summary>
    public async Task<IReadOnlyList<Mutation.LinkEdge>> EdgesAsync(
        string? from, string? relation, string? to, int limit, CancellationToken cancellationToken)
    {
        var edges = new List<Mutation.LinkEdge>();
        var path = Paths.Of(Space, "edges", ("from", from), ("relation", relation), ("to", to), ("limit", limit.ToString()));
        await foreach (var line in Client.LinesAsync(path, cancellationToken))
        {
            edges.Add((Mutation.LinkEdge)GraphJson.Read(Encoding.UTF8.GetBytes(line)));
        }

        return edges;
    }

    /// <summary>The edge of those ends; null if it does not show.</summary>
    public async Task<Mutation.LinkEdge?> EdgeAsync(Target.Edge edge, CancellationToken cancellationToken) =>
        (await EdgesAsync(edge.From, edge.Relation, edge.To, 1000, cancellationToken)).FirstOrDefault(found => found.Edge == edge);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await ReleaseAsync();

    private async Task ReleaseAsync()
    {
        _client?.Dispose();
        if (_process is not null)
        {
            _memoryBytesBefore = MemoryBytesMax;
            await _process.DisposeAsync();
        }

        (_client, _process, Reading) = (null, null, null);
    }
}
