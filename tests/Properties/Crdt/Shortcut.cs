namespace Replica.Tests.Properties.Crdt;

/// <summary>Ways to make the incremental merge of an element simpler. Each looks equal to the fold, and none is.</summary>
public enum Shortcut
{
    None,
    OnlyLatestDelete,
    OnlyVisibleWrites,
    RemovalsPruneWrites,
    ForgetDeletesAtRecreation,
    DropHiddenAtRecreation,
    NoTombstoneForFields,
}
