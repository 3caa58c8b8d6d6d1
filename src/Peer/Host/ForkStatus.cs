using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <summary>A forked log: two copies of one device wrote it, or a liar did. Both branches are kept.</summary>
/// <param name="Log">Its name, hex.</param>
/// <param name="Device">The device key of its author, hex.</param>
/// <param name="Name">The author's display name.</param>
/// <param name="Since">The number of the first change that differs.</param>
/// <param name="Branches">Where each branch ends: how many changes lie up to there, and the chain head.</param>
public sealed record ForkStatus(string Log, string Device, string Name, ulong Since, IReadOnlyList<ForkBranch> Branches)
{
    /// <summary>The forked logs of a space, by name.</summary>
    internal static IReadOnlyList<ForkStatus> Of(IReadOnlyList<LogRow> logs) =>
    [
        .. logs.GroupBy(static row => row.Log)
            .Where(static rows => rows.Any(static row => row.Fork is not null))
            .OrderBy(static rows => rows.Key)
            .Select(static rows => new ForkStatus(
                rows.Key.ToString(),
                rows.First().Author.ToString(),
                rows.First().Name,
                rows.Min(static row => row.Fork?.Seq ?? ulong.MaxValue) + 1,
                [.. rows.Select(static row => row.Position).Order().Take(BranchesMax).Select(static tip => new ForkBranch(tip.Seq, tip.Head.ToString()))])
            {
                Count = rows.Count(),
            }),
    ];

    /// <summary>How many branches are listed.</summary>
    public const int BranchesMax = 64;

    /// <summary>How many branches there are.</summary>
    public int Count { get; init; }

    /// <summary>What a person should know.</summary>
    public string Notice => $"log {Log[..8]} of {Name} (device {Device[..8]}) is forked since change {Since}: {Count} branches, all kept. "
        + "Two copies of one device wrote, or somebody lies with its key; the device goes on in a new log.";
}
