using Replica.Peer.Host.Queries;
using Xunit;

namespace Replica.Tests.Properties.Host.Queries;

/// <summary>What a user of a live query has on the screen: the first result with every difference applied, none of which may surprise it.</summary>
internal sealed class LiveView<TKey, TItem>(IAsyncEnumerable<LiveUpdate<TKey, TItem>> updates) : IAsyncDisposable
    where TKey : class
    where TItem : class
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IAsyncEnumerator<LiveUpdate<TKey, TItem>> _updates = updates.GetAsyncEnumerator();

    public Dictionary<TKey, TItem> Items { get; } = [];

    public IReadOnlyList<TKey>? Order { get; private set; }

    public int Updates { get; private set; }

    /// <summary>Takes one update.</summary>
    public async Task<LiveUpdate<TKey, TItem>> NextAsync()
    {
        Assert.True(await _updates.MoveNextAsync().AsTask().WaitAsync(Limit), "the query ended");
        var update = _updates.Current;
        Assert.Equal(Updates == 0, update.IsFirst);
        Assert.Equal(update.Differences.Count, update.Differences.Select(static difference => difference.Key).Distinct().Count());
        foreach (var difference in update.Differences)
        {
            Assert.Equal(difference.Kind != LiveKind.Added, Items.ContainsKey(difference.Key));
            Assert.Equal(difference.Kind == LiveKind.Removed, difference.Item is null);
            if (difference.Item is { } item)
            {
                Items[difference.Key] = item;
            }
            else
            {
                _ = Items.Remove(difference.Key);
            }
        }

        Order = update.Order;
        Updates++;
        return update;
    }

    /// <summary>Takes updates until it looks so.</summary>
    public async Task UntilAsync(Func<Dictionary<TKey, TItem>, bool> isDone)
    {
        while (Updates == 0 || !isDone(Items))
        {
            _ = await NextAsync();
        }
    }

    public ValueTask DisposeAsync() => _updates.DisposeAsync();
}
