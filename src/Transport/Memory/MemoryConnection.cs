using System.IO.Pipelines;
using System.Net;

namespace Replica.Transport.Memory;

/// <summary>One end of a stream inside the process: two pipes, crossed, and one fault for both ends.</summary>
internal sealed class MemoryConnection : IConnection
{
    private readonly MemoryFault _fault;
    private readonly MemoryReader _input;
    private readonly MemoryWriter _output;

    private MemoryConnection(Pipe incoming, Pipe outgoing, MemoryFault fault, PeerAddress local, PeerAddress remote)
    {
        _fault = fault;
        _input = new MemoryReader(incoming.Reader, fault);
        _output = new MemoryWriter(outgoing.Writer, fault);
        RemoteAddress = remote;
        LocalDescription = local.ToString();
    }

    /// <inheritdoc/>
    public PipeReader Input => _input;

    /// <inheritdoc/>
    public PipeWriter Output => _output;

    /// <inheritdoc/>
    public PeerAddress RemoteAddress { get; }

    /// <inheritdoc/>
    public string LocalDescription { get; }

    /// <inheritdoc/>
    public IPAddress? LocalAddress => null;

    /// <summary>Makes both ends of one stream.</summary>
    public static (MemoryConnection Near, MemoryConnection Far) Pair(PeerAddress near, PeerAddress far)
    {
        var options = new PipeOptions(
            pauseWriterThreshold: StreamLimits.ReadAheadBytes,
            resumeWriterThreshold: StreamLimits.ReadAheadBytes / 2,
            useSynchronizationContext: false);
        var there = new Pipe(options);
        var back = new Pipe(options);
        var fault = new MemoryFault(there, back);
        return (new MemoryConnection(back, there, fault, near, far), new MemoryConnection(there, back, fault, far, near));
    }

    /// <inheritdoc/>
    public void Abort(Exception? reason) => _fault.Raise(new TransportException(
        TransportFailure.ConnectionLost, $"The connection to {RemoteAddress} was aborted.", reason));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _output.CompleteAsync();
        await _input.CompleteAsync();
    }
}
