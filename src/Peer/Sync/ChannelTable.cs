using System.Diagnostics.CodeAnalysis;

namespace Replica.Peer.Sync;

/// <summary>Which channels are open, and which numbers were used.</summary>
/// <remarks>
/// The initiator's channels are 2, 4, 6…, the responder's 1, 3, 5…. As in [RFC9000] section 3.2, a number opens all lower ones of
/// its side, so that the first units of two channels may pass each other.
/// </remarks>
/// <param name="isInitiator">This side's role in the session.</param>
/// <param name="windowBytes">The window of each channel.</param>
internal sealed class ChannelTable(bool isInitiator, int windowBytes)
{
    private readonly Dictionary<int, ChannelState> _open = [];
    private readonly ChannelSide _ours = new(isInitiator ? 2 : 1);
    private readonly ChannelSide _theirs = new(isInitiator ? 1 : 2);

    /// <summary>The open channels.</summary>
    public IEnumerable<ChannelState> Open => _open.Values;

    /// <summary>This side may open one more.</summary>
    public bool CanOpen => _ours.Count < ChannelLimits.ChannelsAtOnceMax && _ours.Openings < ChannelLimits.OpeningsMax;

    /// <summary>Opens the next channel of this side; <see cref="CanOpen"/> holds.</summary>
    public ChannelState OpenOurs() => Add(_ours);

    /// <summary>The other side learns of our channel with its first unit.</summary>
    public void Announce(int number)
    {
        if (_ours.Owns(number))
        {
            _ours.Announced = Math.Max(_ours.Announced, number);
        }
    }

    /// <summary>True when the number was given to a channel that may be closed by now.</summary>
    public bool WasOpened(int number) => number > 0 && number <= SideOf(number).Last;

    /// <summary>Finds an open channel.</summary>
    public bool TryGet(int number, [NotNullWhen(true)] out ChannelState? channel) => _open.TryGetValue(number, out channel);

    /// <summary>Finds a channel that the other side names.</summary>
    /// <returns>Null when it is closed.</returns>
    /// <exception cref="ChannelException">The other side can't know of it.</exception>
    public ChannelState? Named(uint number)
    {
        var known = _ours.Owns(number) ? _ours.Announced : _theirs.Last;
        return number <= (uint)known
            ? _open.GetValueOrDefault((int)number)
            : throw new ChannelException(ChannelFault.ChannelNotOpened, $"Channel {number} is named and was not opened.");
    }

    /// <summary>Opens the next channel of the other side, if <paramref name="number"/> is it or one after it.</summary>
    /// <exception cref="ChannelException">It opens too many.</exception>
    public bool TryOpenTheirs(uint number, [NotNullWhen(true)] out ChannelState? channel)
    {
        channel = null;
        if (_ours.Owns(number) || number <= (uint)_theirs.Last)
        {
            return false;
        }

        if (number > (uint)_theirs.NumberMax)
        {
            throw new ChannelException(ChannelFault.Openings,
                $"Channel {number} is more than {ChannelLimits.OpeningsMax} openings of a side; open a new session.");
        }

        if (_theirs.Count == ChannelLimits.ChannelsAtOnceMax)
        {
            throw new ChannelException(
                ChannelFault.ChannelsAtOnce, $"Channel {number} is one more than {ChannelLimits.ChannelsAtOnceMax} at once.");
        }

        channel = Add(_theirs);
        return true;
    }

    /// <summary>Forgets a channel that both sides ended.</summary>
    public void Remove(ChannelState channel)
    {
        _ = _open.Remove(channel.Number);
        SideOf(channel.Number).Count--;
    }

    private ChannelState Add(ChannelSide side)
    {
        var channel = new ChannelState(side.OpenNext(), windowBytes);
        _open.Add(channel.Number, channel);
        return channel;
    }

    private ChannelSide SideOf(int number) => _ours.Owns(number) ? _ours : _theirs;
}
