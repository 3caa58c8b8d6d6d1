using System.IO.Pipelines;
using System.Net;

namespace Replica.Transport;

/// <summary>A raw byte stream to another machine, of any transport. Nobody has proven who is at its other end.</summary>
/// <remarks>
/// Disposing ends it in order: what was flushed is still sent, within a limit of the transport. When the stream breaks,
/// <see cref="IDuplexPipe.Input"/> fails with a <see cref="TransportException"/>; when the other side ended it in order,
/// <see cref="IDuplexPipe.Input"/> completes. Both pipes belong to one reader and one writer at a time.
/// </remarks>
public interface IConnection : IDuplexPipe, IAsyncDisposable
{
    /// <summary>Where the other end is, as far as this side can see: for an accepted connection its source address.</summary>
    PeerAddress RemoteAddress { get; }

    /// <summary>The local end in words for logs, such as <c>tcp 192.0.2.1:7000</c>.</summary>
    string LocalDescription { get; }

    /// <summary>The address of this machine from which the stream goes out; null where it is not known, as through a relay.</summary>
    IPAddress? LocalAddress { get; }

    /// <summary>Ends the stream at once, both ways; what was not sent yet is lost. May be called at any time, repeatedly.</summary>
    /// <param name="reason">What readers and writers of this side then fail with; null when it ends on purpose.</param>
    void Abort(Exception? reason);
}
