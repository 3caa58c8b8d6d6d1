using Replica.Peer.Store;
using Replica.Testing;
using Replica.Tests.Properties.Store.Disks;

namespace Replica.Tests.Properties.Store.Crashes;

/// <summary>Makes a disk fail: from some operation on, for some time, in one way.</summary>
internal sealed class FaultPlan
{
    private readonly SimulatedDisk _disk;

    public FaultPlan(Chance chance, SimulatedDisk disk)
    {
        _disk = disk;
        var wait = chance.Below(60);
        var left = chance.Below(3) switch { 0 => 1, 1 => 1 + chance.Below(6), _ => int.MaxValue };
        disk.TearsAtFault = chance.Below(2) == 0;
        (Func<DiskOperation, int> Fault, StoreFault[] Allowed) way = chance.Below(4) switch
        {
            0 => (static operation => operation.Kind is DiskOperationKind.Write or DiskOperationKind.Create ? Sqlite3.Full : 0,
                [StoreFault.DiskFull, StoreFault.OutcomeUnknown]),
            1 => (static operation => operation.Kind == DiskOperationKind.Sync ? Sqlite3.SyncError : 0,
                [StoreFault.OutcomeUnknown, StoreFault.InputOutput]),
            2 => (static operation => operation.Kind switch
                {
                    DiskOperationKind.Write => Sqlite3.WriteError,
                    DiskOperationKind.Sync => Sqlite3.SyncError,
                    DiskOperationKind.Truncate => Sqlite3.TruncateError,
                    _ => Sqlite3.InputOutput,
                },
                [StoreFault.OutcomeUnknown, StoreFault.InputOutput]),
            _ => (static operation => operation.Kind == DiskOperationKind.Sync ? 0 : Sqlite3.ReadOnly,
                [StoreFault.OutcomeUnknown, StoreFault.ReadOnly, StoreFault.InputOutput]),
        };
        Allowed = way.Allowed;
        disk.Fault = operation =>
        {
            if (way.Fault(operation) is not Sqlite3.Ok and var error)
            {
                if (wait-- <= 0 && left-- > 0)
                {
                    return error;
                }
            }

            return Sqlite3.Ok;
        };
    }

    /// <summary>What a caller may be told of such a disk.</summary>
    public StoreFault[] Allowed { get; }

    /// <summary>The disk works again.</summary>
    public void End() => _disk.Fault = null;
}
