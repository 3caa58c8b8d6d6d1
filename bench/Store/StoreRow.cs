namespace Replica.Bench.Store;

/// <summary>A row that is all said by its parts.</summary>
internal sealed record StoreRow(string Name, string Title, long Units, IReadOnlyList<(string Name, Func<Contender> Make)> Contenders) : IRow;
