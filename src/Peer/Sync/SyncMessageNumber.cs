namespace Replica.Peer.Sync;

/// <summary>The numbers that open the messages on an admitted space channel. 48 to 63 are kept for blobs.</summary>
internal static class SyncMessageNumber
{
    public const int Digest = 32;
    public const int Have = 33;
    public const int Trace = 34;
    public const int Runs = 35;
    public const int Ack = 36;
    public const int Hold = 37;
    public const int Reject = 38;
    public const int Want = 39;
    public const int Presence = 40;
    public const int Prune = 41;
    public const int Graft = 42;
    public const int Packed = 64;

    /// <summary>From here on a message that is not known is let pass.</summary>
    public const int IgnorableMin = 128;
}
