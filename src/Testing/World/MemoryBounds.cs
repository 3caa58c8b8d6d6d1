using Replica.Peer.Sync;

namespace Replica.Testing.World;

/// <summary>Memory that another side can make a session take stays below its named limits.</summary>
internal sealed class MemoryBounds
{
    /// <summary>A message of 2 MiB half received, four times over, and what may wait to go out.</summary>
    private const long BufferedBytesMax = 24L * 1024 * 1024;

    /// <summary>How many sessions are looked at: every one of so many messages.</summary>
    private const int LookEvery = 16;

    private int _messages;

    public void Look(ChannelMultiplexer channels, SyncSession session)
    {
        if (++_messages % LookEvery != 0)
        {
            return;
        }

        var buffered = channels.BufferedBytes;
        if (buffered > BufferedBytesMax)
        {
            throw new SimulationException($"A session keeps {buffered} bytes for its peer; at most {BufferedBytesMax} are allowed.");
        }

        var status = session.Status;
        if (status.TheirPositions.Count > SyncLimits.PeerLogsMax || status.Refused.Count > SyncLimits.RefusalsMax)
        {
            throw new SimulationException(
                $"A session remembers {status.TheirPositions.Count} logs and {status.Refused.Count} refusals for its peer.");
        }
    }
}
