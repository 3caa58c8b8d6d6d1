namespace Replica.Peer.Store;

/// <summary>Why a store can't do what was asked.</summary>
public enum StoreFault
{
    /// <summary>The native engine could not be loaded.</summary>
    Engine,

    /// <summary>The file is no space of this program.</summary>
    NotASpace,

    /// <summary>The file was written by a newer version.</summary>
    NewerFormat,

    /// <summary>Another process holds the space.</summary>
    Locked,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The file or its folder can't be written.</summary>
    ReadOnly,

    /// <summary>The file is damaged.</summary>
    Corrupt,

    /// <summary>Reading or writing failed.</summary>
    InputOutput,

    /// <summary>A commit failed in such a way that it is not known whether it is kept.</summary>
    OutcomeUnknown,

    /// <summary>A snapshot was ended because it kept the store from tidying up.</summary>
    SnapshotExpired,

    /// <summary>The file was removed or replaced while it was open.</summary>
    Lost,

    /// <summary>The store was closed.</summary>
    Closed,
}
