using Replica.Crdt.Encoding;
using Replica.Peer.Sync;
using Replica.Transport.Noise;

namespace Replica.Peer.Net;

/// <content>What happens when the other end has said who it is.</content>
internal sealed partial class PeerSession
{
    /// <summary>A better session between the two is over, for whose sake this one was kept waiting.</summary>
    public void OnRivalGone() => Guard.Try(OpenIfKept);

    private void OnHello(ControlMessage.Hello hello)
    {
        if (_saidHello)
        {
            throw new EncodingException("A second hello came.");
        }

        _clock = (TimeSpan.FromMilliseconds(hello.ClockUnixMilliseconds - Time.GetUtcNow().ToUnixTimeMilliseconds()), new(Time));
        (_saidHello, RemoteInstance, Features) = (true, hello.Instance, _network.Hello.Common(hello));
        switch (_network.Hello.Judge(hello, Device))
        {
            case HelloOutcome.Version:
                End(GoAwayReason.Version, $"the other side speaks versions {hello.VersionMin} to {hello.VersionMax}, this one {SessionLimits.Version}");
                return;
            case HelloOutcome.Loop:
                End(GoAwayReason.Loop, "the address is this process itself");
                return;
            case HelloOutcome.OpenedWithCopy:
                _network.Shared.OnMet(Address, _log);
                break;
        }

        IsOpened = true;
        _network.OnOpened(this);
        OpenIfKept();
    }

    private void OpenIfKept()
    {
        // What the other side opens meanwhile is answered: it may know that the session which is kept before this one is dead.
        if (_end is not null || _isKept || !_network.Sessions.TryKeep(this))
        {
            return;
        }

        _isKept = true;
        foreach (var space in _network.Spaces)
        {
            OpenOrJoin(space);
        }
    }

    private void OpenOrJoin(NetSpace space)
    {
        if (space.Pending is { } pending)
        {
            NewChannel(Channels.Open()).Join(space, pending);
        }
        else if (_connection.Role == NoiseRole.Initiator && space.Secret is not null)
        {
            // Who dials has a reason to expect its spaces there; who answers waits to be asked.
            Open(space);
        }
    }
}
