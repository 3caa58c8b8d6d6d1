namespace Replica.Transport.Polling;

/// <summary>The names and limits of the polling tunnel, for both of its ends.</summary>
public static class PollingWire
{
    /// <summary>Where a session begins.</summary>
    public const string OpenPath = "/v1/poll/open";

    /// <summary>Where bytes are sent.</summary>
    public const string SendPath = "/v1/poll/send";

    /// <summary>Where bytes are fetched.</summary>
    public const string ReceivePath = "/v1/poll/receive";

    /// <summary>The header with the session: 64 hex digits. It is a secret, so it never stands in a URL.</summary>
    public const string SessionHeader = "Replica-Session";

    /// <summary>The header with the number of a body, from 1 in each direction.</summary>
    public const string SequenceHeader = "Replica-Seq";

    /// <summary>The header with the number of the last body that was received.</summary>
    public const string AcknowledgeHeader = "Replica-Ack";

    /// <summary>The header, with the value 1, on the last body of a direction.</summary>
    public const string EndHeader = "Replica-End";

    /// <summary>The longest body, in bytes.</summary>
    public const int BodyBytesMax = 64 * 1024;

    /// <summary>Bytes that wait in a session, in each direction; then the sender waits.</summary>
    public const int BufferBytes = 256 * 1024;

    /// <summary>How long a request waits for something to answer.</summary>
    public static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(25);

    /// <summary>How long a session lives without a request.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(60);
}
