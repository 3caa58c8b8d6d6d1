namespace Replica.Peer.Store.Incarnations;

/// <summary>Why this device stopped writing a log and goes on in a new one. The numbers rest in stores.</summary>
public enum IncarnationReason
{
    /// <summary>Nothing beside the database says that it is the newest copy: it is new here, restored or copied without it.</summary>
    NoSidecar = 1,

    /// <summary>What lies beside the database can't be read.</summary>
    DamagedSidecar = 2,

    /// <summary>The database was written on another machine.</summary>
    OtherMachine = 3,

    /// <summary>The file is another one than was written: a copy, or a backup put back.</summary>
    OtherFile = 4,

    /// <summary>The file changed after it was closed.</summary>
    FileChanged = 5,

    /// <summary>The machine stopped without a close, and the last writes may be lost: the durability was not full.</summary>
    PowerLost = 6,

    /// <summary>Changes that a peer may have are missing in the database.</summary>
    RolledBack = 7,

    /// <summary>A peer gave back changes of this log that were missing here.</summary>
    PeerHadMore = 8,

    /// <summary>Another copy wrote the same log: it is forked.</summary>
    Forked = 9,

    /// <summary>A peer says that it has changes of this log that are not here, and has not shown them.</summary>
    Claimed = 10,

    /// <summary>The home got a new device key.</summary>
    NewDevice = 11,

    /// <summary>The space was restored from a backup.</summary>
    Restored = 12,
}
