using System.Net.Sockets;
using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>Stands between two peers, passes everything on, and keeps a copy of it.</summary>
internal sealed class Tap : Line
{
    private readonly List<(MemoryStream Up, MemoryStream Down)> _streams = [];

    /// <summary>What went from the one who dialled, and what came back, of each connection.</summary>
    public IReadOnlyList<(byte[] Up, byte[] Down)> Captured()
    {
        lock (_streams)
        {
            return [.. _streams.Select(static pair => (pair.Up.ToArray(), pair.Down.ToArray()))];
        }
    }

    protected override Task CarryAsync(NetworkStream near, NetworkStream far, CancellationToken stop)
    {
        var (up, down) = (new MemoryStream(), new MemoryStream());
        lock (_streams)
        {
            _streams.Add((up, down));
        }

        return Task.WhenAny(CopyAsync(near, far, up, stop), CopyAsync(far, near, down, stop));
    }

    private void Keep(MemoryStream copy, ReadOnlySpan<byte> bytes)
    {
        lock (_streams)
        {
            copy.Write(bytes);
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, MemoryStream copy, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, stop) is > 0 and var length)
            {
                Keep(copy, buffer.AsSpan(0, length));

                await to.WriteAsync(buffer.AsMemory(0, length), stop);
            }
        }
        catch (Exception ended) when (HasGone(ended))
        {
            // One of the two has gone.
        }
    }
}
