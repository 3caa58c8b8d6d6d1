using Replica.Crdt.Encoding;
using Replica.Transport.Noise;

namespace Replica.Peer.Net;

/// <summary>Moves what comes over the secure connection to the channels.</summary>
internal sealed class SessionReader(PeerSession session, SecureConnection connection, SessionPulse pulse)
{
    private long _bytes;

    /// <summary>How many bytes came.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Runs until the stream ends.</summary>
    /// <exception cref="EncodingException">A stranger sends too much; other faults are the channels' or the connection's.</exception>
    public async Task RunAsync()
    {
        while (await connection.ReadAsync(session.Ended) is { IsEmpty: false } plaintext)
        {
            lock (session.Gate)
            {
                pulse.Heard(plaintext.Length);
                Volatile.Write(ref _bytes, _bytes + plaintext.Length);
                session.Channels.OnPlaintext(plaintext, pulse.Milliseconds, session);
                if (!session.WasAdmitted && _bytes > SessionLimits.StrangerBytesMax)
                {
                    throw new EncodingException($"More than {SessionLimits.StrangerBytesMax} bytes came before a space was opened.");
                }
            }

            session.SignalOutgoing();
        }
    }
}
