namespace Replica.Peer.Sync;

/// <summary>The bounds of messages on a space channel: constants of protocol version 1.</summary>
internal static class SyncLimits
{
    /// <summary>The longest body of a message, in bytes; also the longest unpacked one.</summary>
    public const int BodyBytesMax = 2 * 1024 * 1024;

    /// <summary>The most positions in one have, ack or want.</summary>
    public const int PositionsMax = 16_384;

    /// <summary>The most runs in one message.</summary>
    public const int RunsMax = 16_384;

    /// <summary>The most places in a trace.</summary>
    public const int TracePlacesMax = 64;

    /// <summary>The longest presence, in bytes.</summary>
    public const int PresenceBytesMax = 4 * 1024;

    /// <summary>The longest life of a presence.</summary>
    public const int PresenceTtlMaxMilliseconds = 60_000;

    /// <summary>Runs with a shorter body are never packed: their length would tell what was written.</summary>
    public const int PackedSizeMin = 16 * 1024;

    /// <summary>A packed block is filled up to a multiple of this many bytes.</summary>
    public const int PackedBlockBytes = 256;

    /// <summary>The most bytes that one packed byte may stand for.</summary>
    public const int PackedRatioMax = 64;

    /// <summary>The most positions that are remembered of one peer.</summary>
    public const int PeerLogsMax = 262_144;

    /// <summary>The most places that a peer may have spoken of and that are not looked for yet.</summary>
    public const int PlacesWaitingMax = 2 * PeerLogsMax;

    /// <summary>The most messages about places that may wait.</summary>
    public const int QuestionsMax = 65_536;

    /// <summary>The most logs of one peer that wait or are refused here.</summary>
    public const int RefusalsMax = 16_384;
}
