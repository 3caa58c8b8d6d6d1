using Replica.Transport;

namespace Replica.Testing.World;

/// <summary>A connection between two peers, until it is cut; what was under way is then lost.</summary>
internal sealed class SimulatedLink
{
    private const int HashBytes = 32;

    private readonly Direction _there;
    private readonly Direction _back;

    private bool _isLost;

    /// <summary>Connects two peers.</summary>
    /// <param name="world">Their world.</param>
    /// <param name="first">Who dialled.</param>
    /// <param name="second">Who was dialled.</param>
    /// <param name="dialled">The address, if a connection manager dialled it.</param>
    public SimulatedLink(SimulatedWorld world, int first, int second, PeerAddress? dialled = null)
    {
        World = world;
        (FirstNumber, SecondNumber, Dialled) = (first, second, dialled);
        Hash = world.IsManaged ? world.LinkChance.Bytes(HashBytes) : [];
        First = world.MakeEnd(this, first);
        Second = world.MakeEnd(this, second);
        var (there, back) = world.MakeSeals(first, second);
        _there = new(this, First, Second, there);
        _back = new(this, Second, First, back);
    }

    public SimulatedWorld World { get; }

    public int FirstNumber { get; }

    public int SecondNumber { get; }

    public LinkEnd First { get; }

    public LinkEnd Second { get; }

    /// <summary>The address that a connection manager dialled.</summary>
    public PeerAddress? Dialled { get; }

    /// <summary>Names the session alike on both sides, as a handshake's hash does.</summary>
    public byte[] Hash { get; }

    /// <summary>Whether bytes pass between two sides that take it to stand.</summary>
    public bool IsUp => First.IsOpen && Second.IsOpen && !_isLost;

    /// <summary>Whether those sides that take it to stand say that they are level.</summary>
    public bool IsInSync => (!First.IsOpen || First.IsInSync) && (!Second.IsOpen || Second.IsInSync);

    public void Start()
    {
        First.Start(isInitiator: true);
        if (Second.IsOpen)
        {
            Second.Start(isInitiator: false);
        }
    }

    public bool Joins(int peer) => peer == FirstNumber || peer == SecondNumber;

    public bool Joins(int peer, int other) => peer != other && Joins(peer) && Joins(other);

    public LinkEnd End(int peer) => peer == FirstNumber ? First : Second;

    /// <summary>The number of the peer at the other end.</summary>
    public int Other(int peer) => peer == FirstNumber ? SecondNumber : FirstNumber;

    /// <summary>Sends bytes from one end to the other: whole and in order, or never.</summary>
    public void Send(LinkEnd from, ReadOnlySpan<byte> plaintext) => DirectionOf(from).Send(plaintext);

    /// <summary>How many bytes of an end are under way.</summary>
    public int InFlight(LinkEnd from) => DirectionOf(from).Bytes;

    /// <summary>Lets one direction stand still, or go on.</summary>
    public void Clog(LinkEnd from, bool isClogged) => DirectionOf(from).IsClogged = isClogged;

    /// <summary>Sends on what stood still and may go on.</summary>
    public void Flush()
    {
        _there.Flush();
        _back.Flush();
    }

    /// <summary>Ends the connection; both sides notice at once.</summary>
    public void Cut()
    {
        World.Links.Remove(this);
        First.Close();
        Second.Close();
    }

    /// <summary>The connection breaks, and only one side notices.</summary>
    public void Lose(LinkEnd noticing)
    {
        _isLost = true;
        Close(noticing);
    }

    /// <summary>One side ends the connection in order: the other notices once all that was sent before has come.</summary>
    public void Finish(LinkEnd end)
    {
        DirectionOf(end).SendEnd();
        Close(end);
    }

    public override string ToString() =>
        $"{World.NameOf(FirstNumber)}-{World.NameOf(SecondNumber)}{(Dialled is PeerAddress.RelayRoute ? " by relay" : "")}";

    private void Close(LinkEnd end)
    {
        end.Close();
        if (!First.IsOpen && !Second.IsOpen)
        {
            World.Links.Remove(this);
        }
    }

    private Direction DirectionOf(LinkEnd from) => from == First ? _there : _back;

    private sealed class Direction(SimulatedLink link, LinkEnd from, LinkEnd to, ILinkSeal seal)
    {
        private readonly Queue<byte[]?> _stuck = new();
        private readonly SimulatedNetwork _network = link.World.Network;
        private readonly VirtualTime _time = link.World.Time;
        private long _lastArrival;

        public int Bytes { get; private set; }

        public bool IsClogged { get; set; }

        private bool IsStuck => IsClogged || !_network.Reaches(from.Number, to.Number);

        public void Send(ReadOnlySpan<byte> plaintext)
        {
            var wire = seal.Close(plaintext);
            Bytes += wire.Length;
            Carry(wire);
        }

        /// <summary>Says that nothing more comes.</summary>
        public void SendEnd() => Carry(null);

        public void Flush()
        {
            while (!IsStuck && _stuck.TryDequeue(out var wire))
            {
                Carry(wire);
            }
        }

        private void Carry(byte[]? wire)
        {
            // A lost packet is sent again: all behind it wait.
            var delay = _network.NextDelay() + (_network.Loses() ? _network.Chance.Between(200, 1_000) : 0);
            _lastArrival = Math.Max(_lastArrival, _time.Now + delay);
            _time.After(_lastArrival - _time.Now, () => Arrive(wire));
        }

        private void Arrive(byte[]? wire)
        {
            if (!to.IsOpen || link._isLost)
            {
                return;
            }

            if (IsStuck || _stuck.Count > 0)
            {
                _stuck.Enqueue(wire);
                return;
            }

            if (wire is null)
            {
                link.Close(to);
                return;
            }

            Bytes -= wire.Length;
            if (seal.Open(_network.Damage(wire)) is { } plaintext)
            {
                to.Receive(plaintext);
            }
            else
            {
                link.World.Trace(() => $"{link} ends: damaged bytes came");
                link.Cut();
            }

            if (from.IsOpen)
            {
                from.OnDrained();
            }
        }
    }
}
