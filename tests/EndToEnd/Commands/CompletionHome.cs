using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>A home with a few ids, made once for all cases: they only read it.</summary>
public sealed class CompletionHome : IAsyncLifetime
{
    /// <summary>The home.</summary>
    internal TemporaryHome Home { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Home = await TemporaryHome.CreateAsync();
        _ = await Home.DoAsync("--space", "work", "init");
        _ = await Home.DoAsync("--space", "work", "put", "only-here");
        _ = Home.Write("graph.jsonl", "");
        foreach (var id in new[] { "page/home", "page/house", "page/h a", "place", "a:b" })
        {
            _ = await Home.DoAsync("put", id);
        }
    }

    public Task DisposeAsync()
    {
        Home.Dispose();
        return Task.CompletedTask;
    }
}
