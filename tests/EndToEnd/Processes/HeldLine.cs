using System.Net.Sockets;

namespace Replica.Tests.EndToEnd.Processes;

/// <summary>Carries both ways, but holds what comes from the far side after so many bytes, until it is let on.</summary>
/// <param name="bytes">How many bytes pass first.</param>
internal sealed class HeldLine(int bytes) : Line
{
    private const int BufferBytes = 16 * 1024;

    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets all pass from now on.</summary>
    public void Open() => _open.TrySetResult();

    protected override Task CarryAsync(NetworkStream near, NetworkStream far, CancellationToken stop) =>
        Task.WhenAny(CopyAsync(near, far, int.MaxValue, stop), CopyAsync(far, near, bytes, stop));

    private async Task CopyAsync(NetworkStream from, NetworkStream to, int free, CancellationToken stop)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReadAsync(buffer, stop) is > 0 and var length)
            {
                if ((free -= Math.Min(free, length)) == 0)
                {
                    await _open.Task.WaitAsync(stop);
                }

                await to.WriteAsync(buffer.AsMemory(0, length), stop);
            }
        }
        catch (Exception ended) when (HasGone(ended))
        {
            // One of the two has gone.
        }
    }
}
