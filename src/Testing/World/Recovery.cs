namespace Replica.Testing.World;

/// <summary>The second half of a history: no more faults, and all must reach the same within a bound.</summary>
internal sealed class Recovery(SimulatedWorld world)
{
    private const int RoundMilliseconds = 30_000;

    /// <summary>A little over an hour: what is held is asked for again after an hour at the latest.</summary>
    private const int RoundsMax = 130;

    /// <summary>
    /// In so many rounds connection managers must have connected all who know of each other, directly and once: a minute to notice that
    /// a connection is dead, a minute at most until the next dial, ten seconds for that, and room for what comes together.
    /// </summary>
    private const int ReconnectRoundsMax = 6;

    /// <summary>A stamp may lie so far ahead of a clock without being held back, with room for clocks that differ.</summary>
    private const int AheadMilliseconds = 3 * 60_000;

    public void Run()
    {
        EndFaults();
        for (var round = 0; round < RoundsMax; round++)
        {
            MeetAll();
            world.Time.Advance(RoundMilliseconds);
            var lack = world.Peers.Select(static peer => peer.Net?.Lack).FirstOrDefault(static lack => lack is not null);
            if (lack is not null && round >= ReconnectRoundsMax)
            {
                throw new SimulationException($"After {(round + 1) * RoundMilliseconds / 1000} s without faults {lack}");
            }

            if (lack is null && IsLevel())
            {
                world.Trace(() => $"all are level: {string.Join(", ", world.Peers[0].Store.Durable)}");
                return;
            }
        }

        throw new SimulationException(
            $"The peers are not level after {RoundsMax} rounds of {RoundMilliseconds / 1000} s without faults:\n"
            + string.Join('\n', world.Peers.Select(peer => $"  {peer}: {string.Join(", ", peer.Store.Durable)}"))
            + string.Concat(world.Links.All.Where(static link => !link.IsInSync).Select(static link =>
                $"\n  {link} is not in sync: {link.First.Standing}; {link.Second.Standing}")));
    }

    private void EndFaults()
    {
        world.Trace(() => "the faults end");
        world.Network.Faults = NetworkFaults.None;
        world.Network.Heal();
        world.Links.Cut(link => world.IsLiar(link.FirstNumber) || world.IsLiar(link.SecondNumber));
        world.Links.Unclog();
        world.Addresses.Unblock();
        var latest = 0L;
        foreach (var peer in world.Peers)
        {
            peer.Start();
            peer.Net?.Resume();
            peer.Disk.Free();
            peer.Disk.IsBroken = false;
            peer.Disk.NextCommit = CommitFault.None;

            // Someone sets the clocks right, more or less.
            peer.Clock.Drift(0);
            peer.Clock.Set(Math.Clamp(peer.Clock.UnixMilliseconds - world.Time.Now, -60_000, 60_000));
            latest = Math.Max(latest, peer.LatestStamp());
        }

        // What was written under a clock far ahead is taken once time has caught up with it.
        if (latest > world.Time.Now + AheadMilliseconds)
        {
            world.Trace(() => "all computers sleep until the latest stamp has come");
            world.Time.Sleep(latest - world.Time.Now);
        }
    }

    private bool IsLevel()
    {
        var expected = world.Peers[0].Store.Durable;
        return world.Peers.All(peer => peer.Store.Durable.SequenceEqual(expected)) && world.Links.AreInSync;
    }

    /// <summary>Datagrams: everyone asks everyone. Sessions: a chain, so that what the ends write must be forwarded.</summary>
    private void MeetAll()
    {
        foreach (var peer in world.Peers)
        {
            if (world.IsManaged)
            {
                // Both ways: who dials takes two copies of one device for one, and is content with a session with either.
                _ = peer.Number > 0 && peer.Learn(peer.Number - 1);
                _ = peer.Number < world.Peers.Count - 1 && peer.Learn(peer.Number + 1);
                continue;
            }

            if (world.Shape.HasSessions)
            {
                world.Links.Connect(peer.Number, Math.Max(0, peer.Number - 1));
                continue;
            }

            foreach (var other in world.Peers)
            {
                Datagrams.Ask(world, peer, other.Number);
            }
        }
    }
}
