using Replica.Bench.Reach;
using Replica.Bench.Rows;
using Replica.Bench.Store;
using Replica.Bench.Sync;

namespace Replica.Bench;

/// <summary>All rows, in the order in which they run.</summary>
internal static class RowTable
{
    /// <summary>Makes the rows; each generates its input only when its contenders are made.</summary>
    public static IReadOnlyList<IRow> All() =>
    [
        new BulkImport(), .. StoreRows.All(), new RemoteMerge(),
        new FirstSync(200_000), new FirstSync(FirstSync.LongCount), new LiveChanges(), new SharedLine(),
        new IdleTunnels(), new TunnelRate(), new FloodedRelay(),
    ];
}
