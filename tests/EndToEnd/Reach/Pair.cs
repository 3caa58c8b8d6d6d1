using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Two hosts with a home each, of one space; daemons on both.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly TemporaryHome _first;
    private readonly TemporaryHome _second = new();
    private Daemon? _a;
    private Daemon? _b;

    private Pair(TemporaryHome first) => _first = first;

    /// <summary>The first home; it has the space.</summary>
    public TemporaryHome HomeA => _first;

    /// <summary>The second home; it joined with a ticket that names no address.</summary>
    public TemporaryHome HomeB => _second;

    /// <summary>The first daemon.</summary>
    public LiveHome A { get; private set; } = null!;

    /// <summary>The second daemon.</summary>
    public LiveHome B { get; private set; } = null!;

    /// <summary>Makes the homes.</summary>
    public static async Task<Pair> CreateAsync()
    {
        var pair = new Pair(await TemporaryHome.CreateAsync());
        _ = await pair._second.DoAsync("join", (await pair._first.DoAsync("invite")).Trim());
        return pair;
    }

    /// <summary>Starts the first daemon.</summary>
    public async Task<Daemon> StartAAsync(IReadOnlyList<string> prefix, params string[] arguments)
    {
        _a = await Daemon.StartBehindAsync(prefix, _first, arguments);
        A = new(_a);
        return _a;
    }

    /// <summary>Starts the second daemon.</summary>
    public async Task<Daemon> StartBAsync(IReadOnlyList<string> prefix, params string[] arguments)
    {
        _b = await Daemon.StartBehindAsync(prefix, _second, arguments);
        B = new(_b);
        return _b;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (live, daemon) in new[] { (A, _a), (B, _b) })
        {
            live?.Dispose();
            await (daemon?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _first.Dispose();
        _second.Dispose();
    }
}
