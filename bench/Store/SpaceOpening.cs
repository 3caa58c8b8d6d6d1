namespace Replica.Bench.Store;

/// <summary>W7: opening a space that has a long history. Neither time nor memory may grow with it: nothing is replayed.</summary>
internal sealed class SpaceOpening : IRow
{
    private const int Few = 100_000;
    private const int Many = 1_000_000;

    private readonly Lazy<LongSpace> _few = new(static () => new(Few));
    private readonly Lazy<LongSpace> _many = new(static () => new(Many));

    /// <inheritdoc/>
    public string Name => "W7";

    /// <inheritdoc/>
    public string Title => $"opening a space with {Few:#,0} and with {Many:#,0} changes, one read by id, closing";

    /// <inheritdoc/>
    public long Units => 1;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Func<Contender> Make)> Contenders =>
    [
        ($"{Few:#,0} changes", () => new OpeningContender(_few.Value)),
        ($"{Many:#,0} changes", () => new OpeningContender(_many.Value)),
    ];
}
