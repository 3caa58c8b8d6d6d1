namespace Replica.PeerCli.Import;

/// <summary>What an import has done so far. Only what is committed is counted as written.</summary>
internal sealed class ImportTally
{
    /// <summary>Lines written.</summary>
    public long Lines { get; set; }

    /// <summary>Nodes written.</summary>
    public long Nodes { get; set; }

    /// <summary>Edges written.</summary>
    public long Edges { get; set; }

    /// <summary>Bad lines passed over.</summary>
    public long Skipped { get; set; }

    /// <summary>Transactions committed.</summary>
    public long Transactions { get; set; }
}
