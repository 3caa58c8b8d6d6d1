namespace Replica.Peer.Store.Integrity;

/// <summary>One thing that is wrong in a space's file.</summary>
/// <param name="Code">What kind of thing; one of the constants here.</param>
/// <param name="Subject">What it is about, such as <c>node "a"</c> or <c>log 5f… changes 3 to 9</c>.</param>
/// <param name="Detail">What is wrong with it.</param>
public sealed record Damage(string Code, string Subject, string Detail)
{
    /// <summary>Bytes, chain, signature or rules of a change do not hold.</summary>
    public const string Change = "REPLICA_DAMAGED_CHANGE";

    /// <summary>A change that must have been here is not.</summary>
    public const string Missing = "REPLICA_MISSING_CHANGE";

    /// <summary>A change can't be checked, because one that it follows is damaged or missing.</summary>
    public const string Unproven = "REPLICA_UNPROVEN_CHANGE";

    /// <summary>The state at hand is not the one that the log gives.</summary>
    public const string State = "REPLICA_STATE_DIFFERS";

    /// <summary>A table, index, view or trigger of the file is not the one of its format.</summary>
    public const string Schema = "REPLICA_SCHEMA_DIFFERS";

    /// <summary>SQLite finds the file itself damaged.</summary>
    public const string File = "REPLICA_DAMAGED_FILE";

    /// <summary>The log, hex; null if it is not about one.</summary>
    public string? Log { get; init; }

    /// <summary>The first change that is concerned; null if it is not about changes.</summary>
    public ulong? Seq { get; init; }

    /// <summary>The code with which sync refuses such a change; null if it would not.</summary>
    public string? Cause { get; init; }

    /// <summary>Whether it is about the log, so that repairing needs more than building the state anew.</summary>
    internal bool IsInLog => Code is Change or Missing or Unproven;
}
