using Replica.Transport.Links;

namespace Replica.Transport.Relay;

/// <summary>A dialler that waits for a listener.</summary>
internal sealed class RelayCall(RelayTarget target)
{
    /// <summary>Whom it waits for.</summary>
    public RelayTarget Target => target;

    /// <summary>The connection on which the listener takes it.</summary>
    public TaskCompletionSource<(IByteLink Link, string Source)> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the tunnel is over.</summary>
    public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
