using Replica.Crdt.Changes;

namespace Replica.Peer.Sync;

/// <summary>How much a run weighs.</summary>
internal static class RunSize
{
    /// <summary>What a run takes on the wire beside its changes: never less than the encoded headers.</summary>
    private const int RunOverheadBytes = 128;

    /// <summary>The longest header of one change.</summary>
    private const int ChangeOverheadBytes = 5;

    /// <summary>The bytes of its changes.</summary>
    public static int ChangeBytes(SignedRun run)
    {
        var bytes = 0;
        foreach (var change in run.Changes)
        {
            bytes += change.Length;
        }

        return bytes;
    }

    /// <summary>An upper bound of its bytes on the wire, at most some 1.1 MiB.</summary>
    public static int WireBytes(SignedRun run) => ChangeBytes(run) + RunOverheadBytes + (ChangeOverheadBytes * run.Changes.Count);
}
