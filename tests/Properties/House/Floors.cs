using System.Collections.Frozen;

namespace Replica.Tests.Properties.House;

/// <summary>The rooms and what each may know: the one place to change when the architecture does.</summary>
internal static class Floors
{
    /// <summary>Folder of a room, and the rooms below it. What is not listed here may know every room.</summary>
    public static readonly FrozenDictionary<string, string[]> Below = new Dictionary<string, string[]>
    {
        ["src/Crdt"] = [],
        ["src/Transport"] = [],
        ["src/Peer"] = ["src/Crdt", "src/Transport"],
        ["src/Web"] = ["src/Peer", "src/Crdt", "src/Transport"],
        ["src/Testing"] = ["src/Peer", "src/Crdt", "src/Transport"],
        ["tools/peer-cli"] = ["src/Web", "src/Testing", "src/Peer", "src/Crdt", "src/Transport"],
    }.ToFrozenDictionary();

    /// <summary>
    /// Inside Peer: Host over Net over Sync and Store, and these two are strangers. What they hand each other lies in
    /// Exchange, which knows none of them.
    /// </summary>
    public static readonly (string Room, string MayNotKnow)[] InsidePeer =
    [
        ("Store", "Sync"), ("Store", "Net"), ("Store", "Host"),
        ("Sync", "Store"), ("Sync", "Net"), ("Sync", "Host"),
        ("Membership", "Net"), ("Membership", "Host"),
        ("Exchange", "Store"), ("Exchange", "Sync"), ("Exchange", "Net"), ("Exchange", "Host"), ("Exchange", "Membership"),
        ("Net", "Host"),
        ("Files", "Store"), ("Files", "Sync"), ("Files", "Net"), ("Files", "Host"), ("Files", "Membership"), ("Files", "Exchange"),
        ("Telemetry", "Store"), ("Telemetry", "Sync"), ("Telemetry", "Net"), ("Telemetry", "Host"), ("Telemetry", "Membership"), ("Telemetry", "Exchange"),
    ];

    /// <summary>Type name prefixes that merge rules stay away from: I/O, tasks, clocks, chance.</summary>
    /// <remarks>
    /// <c>InvalidDataException</c> and the like are only named so; files and streams are I/O. <c>Environment</c> is
    /// not listed: each iterator of the compiler's making asks it for the thread's number.
    /// </remarks>
    public static readonly string[] NotInCrdt =
    [
        "System.IO.File", "System.IO.Directory", "System.IO.Path", "System.IO.Stream", "System.IO.Text", "System.IO.Pipe",
        "System.Net.", "System.Data.", "System.Console", "System.Diagnostics.Process",
        "System.Threading.Tasks.", "System.Threading.Channels.", "System.Threading.Thread", "System.Threading.Timer",
        "System.TimeProvider", "System.Diagnostics.Stopwatch",
        "System.Random", "System.Security.Cryptography.RandomNumberGenerator",
    ];
}
