namespace Replica.Testing.World;

/// <summary>What comes back when a copy of a database is put somewhere.</summary>
internal enum RestoreKind
{
    /// <summary>The database, as another file; what lay beside the old one stays.</summary>
    FileAlone,

    /// <summary>The database; nothing lies beside it.</summary>
    FileWithoutSidecar,

    /// <summary>The database in place, with what lay beside it then.</summary>
    FileAndSidecar,

    /// <summary>The whole machine, as it was then: nothing here can tell.</summary>
    Machine,
}
