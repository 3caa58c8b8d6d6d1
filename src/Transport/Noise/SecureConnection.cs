using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;

namespace Replica.Transport.Noise;

/// <summary>An encrypted, authenticated stream of messages with one known device.</summary>
/// <remarks>
/// On the wire: length (2, big-endian) ‖ Noise transport message. One reader and one writer at a time, which may be
/// different threads. Any failure ends the session for both. Source: docs/protocol.md, section 2.
/// </remarks>
public sealed class SecureConnection : IAsyncDisposable
{
    /// <summary>The longest plaintext of one message, in bytes.</summary>
    public const int PlaintextBytesMax = CipherState.MessageBytesMax - CipherState.TagLength;

    /// <summary>Each direction changes its key after this many messages.</summary>
    internal const int RekeyMessages = 16_384;

    /// <summary>The first size of the read buffer, in bytes: enough for small messages; it grows to the largest seen.</summary>
    private const int BufferBytesFirst = 4096;

    private readonly IConnection _connection;
    private readonly CipherState _send;
    private readonly CipherState _receive;
    private byte[] _plaintext = [];
    private int _sent;
    private int _received;
    private int _reading;
    private int _writing;
    private volatile Exception? _fault;

    /// <summary>Takes over a connection whose handshake is complete.</summary>
    internal SecureConnection(IConnection connection, HandshakeResult handshake)
    {
        _connection = connection;
        _send = handshake.Send;
        _receive = handshake.Receive;
        RemoteDevice = handshake.RemoteDevice;
        Role = handshake.Role;
        HandshakeHash = handshake.HandshakeHash;
    }

    /// <summary>The device at the other end, which has proven to hold the key.</summary>
    public DeviceKey RemoteDevice { get; }

    /// <summary>This side's role, whose value is the role byte of the protocol.</summary>
    public NoiseRole Role { get; }

    /// <summary>The 32 bytes that name this session, the same on both sides and in no other session.</summary>
    public ReadOnlyMemory<byte> HandshakeHash { get; }

    /// <summary>Where the other end is.</summary>
    public PeerAddress RemoteAddress => _connection.RemoteAddress;

    /// <summary>The local end in words, for logs.</summary>
    public string LocalDescription => _connection.LocalDescription;

    /// <summary>The address of this machine from which it goes out; null where that is not known.</summary>
    public IPAddress? LocalAddress => _connection.LocalAddress;

    /// <summary>Waits for the next message.</summary>
    /// <returns>
    /// Its plaintext, 1 to 65,519 bytes, valid until the next call; empty when the other side, or the network in its
    /// name, ended the stream between two messages.
    /// </returns>
    /// <exception cref="SecureSessionException">What came is not authentic or not allowed; the session has ended.</exception>
    /// <exception cref="TransportException">The stream broke; the session has ended.</exception>
    /// <exception cref="InvalidOperationException">Another read is in progress.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        Enter(ref _reading, "read");
        try
        {
            while (true)
            {
                ThrowIfEnded();
                var read = await _connection.Input.ReadAsync(cancellationToken);
                if (TryOpen(read, out var length))
                {
                    return _plaintext.AsMemory(0, length);
                }

                if (read.IsCompleted)
                {
                    return read.Buffer.IsEmpty ? ReadOnlyMemory<byte>.Empty : throw End(CutOff());
                }
            }
        }
        catch (TransportException exception)
        {
            throw End(exception);
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    /// <summary>Encrypts and sends one message, and waits while the other side takes in too little.</summary>
    /// <param name="plaintext">1 to 65,519 bytes. It may be reused when the call returns, even before its task completes.</param>
    /// <param name="cancellationToken">Ends the waiting, not the message: it still goes out with the next one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no or too many bytes.</exception>
    /// <exception cref="TransportException">The stream broke, or the other side stopped reading.</exception>
    /// <exception cref="SecureSessionException">The session ended before, by what the other side sent.</exception>
    /// <exception cref="InvalidOperationException">Another write is in progress.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(plaintext.Length, nameof(plaintext));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintext.Length, PlaintextBytesMax, nameof(plaintext));
        Enter(ref _writing, "write");
        try
        {
            ThrowIfEnded();
            Seal(plaintext.Span);
            var flush = await _connection.Output.FlushAsync(cancellationToken);
            if (flush.IsCompleted)
            {
                throw new TransportException(
                    TransportFailure.ConnectionLost, $"{RemoteAddress} no longer takes in what is sent to it.");
            }
        }
        catch (TransportException exception)
        {
            throw End(exception);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    /// <summary>Ends the session at once; what was not sent yet is lost. May be called at any time, repeatedly.</summary>
    /// <param name="reason">What reads and writes of this side then fail with; null when it ends on purpose.</param>
    public void Abort(Exception? reason) => _connection.Abort(reason);

    /// <summary>Ends the session in order, after what was written is sent. No read or write may be in progress.</summary>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _send.Dispose();
        _receive.Dispose();
        Array.Clear(_plaintext);
    }

    private static void Enter(ref int flag, string what)
    {
        // Two at once would use one nonce twice or mix two messages.
        if (Interlocked.Exchange(ref flag, 1) != 0)
        {
            throw new InvalidOperationException($"Another {what} is in progress on this session; await it first.");
        }
    }

    private void Seal(ReadOnlySpan<byte> plaintext)
    {
        var length = plaintext.Length + CipherState.TagLength;
        var span = _connection.Output.GetSpan(HandshakeMachine.LengthBytes + length);
        BinaryPrimitives.WriteUInt16BigEndian(span, (ushort)length);
        _send.Encrypt(default, plaintext, span.Slice(HandshakeMachine.LengthBytes, length));
        _connection.Output.Advance(HandshakeMachine.LengthBytes + length);
        CountMessage(_send, ref _sent);
    }

    /// <summary>Takes one message off the front of what was read; consumes all of it or nothing.</summary>
    private bool TryOpen(ReadResult read, out int length)
    {
        var buffer = read.Buffer;
        var end = buffer.Start;
        var opened = false;
        length = 0;
        try
        {
            var reader = new SequenceReader<byte>(buffer);
            if (!reader.TryReadBigEndian(out short prefix))
            {
                return false;
            }

            var size = (int)unchecked((ushort)prefix);
            length = size - CipherState.TagLength;
            if (length < 1)
            {
                throw End(new SecureSessionException(
                    $"The other side announced a message of {size} bytes; {CipherState.TagLength + 1} to "
                    + $"{CipherState.MessageBytesMax} are allowed."));
            }

            if (reader.Remaining < size)
            {
                return false;
            }

            Open(reader.UnreadSequence.Slice(0, size), length);
            reader.Advance(size);
            end = reader.Position;
            opened = true;
            return true;
        }
        finally
        {
            _connection.Input.AdvanceTo(end, opened ? end : buffer.End);
        }
    }

    private void Open(ReadOnlySequence<byte> message, int length)
    {
        var size = length + CipherState.TagLength;
        if (_plaintext.Length < size)
        {
            _plaintext = new byte[Math.Max(BufferBytesFirst, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)size))];
        }

        try
        {
            if (message.IsSingleSegment)
            {
                _receive.Decrypt(default, message.FirstSpan, _plaintext.AsSpan(0, length));
            }
            else
            {
                // Decrypted where it lies: the cipher allows both spans to begin at one place.
                message.CopyTo(_plaintext);
                _receive.Decrypt(default, _plaintext.AsSpan(0, size), _plaintext.AsSpan(0, length));
            }

            CountMessage(_receive, ref _received);
        }
        catch (NoiseException exception)
        {
            throw End(new SecureSessionException($"The session ended: {exception.Message}", exception));
        }
    }

    private static void CountMessage(CipherState cipher, ref int count)
    {
        count++;
        if (count == RekeyMessages)
        {
            cipher.Rekey();
            count = 0;
        }
    }

    private TransportException CutOff() => new(
        TransportFailure.ConnectionLost, $"The stream from {RemoteAddress} was cut off inside a message.");

    private Exception End(Exception reason)
    {
        if (_fault is null)
        {
            _fault = reason;
            _connection.Abort(reason);
        }

        return reason;
    }

    private void ThrowIfEnded()
    {
        switch (_fault)
        {
            case null:
                return;
            case TransportException lost:
                throw new TransportException(lost.Failure, lost.Message, lost);
            default:
                throw new SecureSessionException(_fault.Message, _fault);
        }
    }
}
