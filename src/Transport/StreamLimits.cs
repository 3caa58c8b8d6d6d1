namespace Replica.Transport;

/// <summary>What a byte stream may hold back, the same in every transport.</summary>
internal static class StreamLimits
{
    /// <summary>Bytes taken in ahead of the reader; then the other side waits. More than one whole Noise message.</summary>
    public const int ReadAheadBytes = 256 * 1024;

    /// <summary>Bytes flushed ahead of the network; then the writer waits.</summary>
    public const int WriteAheadBytes = 256 * 1024;

    /// <summary>Connections that wait to be accepted; more are turned away by the system.</summary>
    public const int BacklogMax = 512;
}
