using System.Globalization;

namespace Replica.Bench.Sync;

/// <summary>S1: live changes of one space while another space of the same two peers comes in for the first time.</summary>
internal sealed class SharedLine : IRow
{
    private const int ChangeCount = 50;
    private const int OtherCount = 300_000;

    /// <inheritdoc/>
    public string Name => "S1";

    /// <inheritdoc/>
    public string Title => string.Create(CultureInfo.InvariantCulture,
        $"{ChangeCount} changes of a space, one by one, while {OtherCount} nodes of another space come in over the same session; 3 times is the bound");

    /// <inheritdoc/>
    public long Units => ChangeCount;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Func<Contender> Make)> Contenders =>
    [
        ("quiet", () => new SharedLineRun(ChangeCount, OtherCount, isBeside: false)),
        ("beside a first sync", () => new SharedLineRun(ChangeCount, OtherCount, isBeside: true)),
    ];
}
