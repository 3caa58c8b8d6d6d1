using Replica.Crdt.Encoding;

namespace Replica.Peer.Sync;

/// <summary>Cuts channel 0 into control messages and watches their pace.</summary>
internal sealed class ControlInput : IDisposable
{
    private readonly MessageAssembler _assembler = new(ControlMessageCodec.BytesMax);
    private readonly ControlPace _pace = new(ChannelLimits.ControlMessagesPerSecond);

    /// <summary>How many bytes of an unfinished message are kept.</summary>
    public int BufferedBytes => _assembler.BufferedBytes;

    /// <summary>Takes one message off the front of a unit.</summary>
    /// <param name="unit">The bytes; what is taken is cut off.</param>
    /// <param name="nowMilliseconds">The time of any clock that does not run back.</param>
    /// <param name="message">The message; null for one to be skipped.</param>
    /// <returns>False when the unit is used up.</returns>
    /// <exception cref="ChannelException">The message is malformed, unknown, or comes too soon.</exception>
    public bool TryTake(ref ReadOnlyMemory<byte> unit, long nowMilliseconds, out ControlMessage? message)
    {
        message = null;
        if (!_assembler.TryTake(ref unit, out var body))
        {
            return false;
        }

        try
        {
            message = ControlMessageCodec.Read(body.Span);
        }
        catch (EncodingException exception)
        {
            throw new ChannelException(ChannelFault.ControlMalformed, exception.Message);
        }
        finally
        {
            _assembler.Release();
        }

        // Credit is bounded by what we sent ourselves, and a fast transfer needs more of it than the pace allows.
        if (message is not ControlMessage.Credit && !_pace.TryPass(nowMilliseconds))
        {
            throw new ChannelException(ChannelFault.ControlTooFast,
                $"More than {ChannelLimits.ControlMessagesPerSecond} control messages came in a second.");
        }

        return true;
    }

    public void Dispose() => _assembler.Reset();
}
