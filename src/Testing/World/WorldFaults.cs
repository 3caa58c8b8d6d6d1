using Replica.Crdt.Changes;

namespace Replica.Testing.World;

/// <summary>What goes wrong in a world. Each counts itself where it takes effect.</summary>
internal static class WorldFaults
{
    private const long Minute = 60_000;
    private const long Day = 24 * 60 * Minute;
    private const long Year = 365 * Day;

    /// <summary>Cuts one connection.</summary>
    public static void Cut(SimulatedWorld world, Chance chance)
    {
        if (world.Links.All.Count > 0)
        {
            var link = chance.Pick(world.Links.All);
            world.Counts.Count(SimulationFault.Cut);
            if (world.IsManaged && chance.Percent(40))
            {
                var noticing = chance.Percent(50) ? link.First : link.Second;
                world.Trace(() => $"{link} breaks, and only {world.NameOf(noticing.Number)} notices");
                world.Counts.Links.HalfOpen++;
                link.Lose(noticing);
                return;
            }

            world.Links.Cut(link.Equals);
        }
    }

    /// <summary>Splits the network in two for a while: connections across are cut, or stand still.</summary>
    public static void Partition(SimulatedWorld world, Chance chance)
    {
        world.Counts.Count(SimulationFault.Partition);
        world.Trace(() => "the network is split in two");
        world.Network.Partition(chance);
        if (chance.Percent(60))
        {
            world.Links.Cut(link => !world.Network.Reaches(link.FirstNumber, link.SecondNumber));
        }

        world.Time.After(NextWhile(world, chance), () =>
        {
            world.Trace(() => "the network is whole");
            world.Network.Reunite();
            world.Links.Flush();
        });
    }

    /// <summary>Another peer does not hear this one for a while.</summary>
    public static void OneWay(SimulatedWorld world, int from, Chance chance)
    {
        var to = chance.Below(world.Peers.Count);
        if (from == to)
        {
            return;
        }

        world.Counts.Count(SimulationFault.OneWay);
        world.Trace(() => $"{world.NameOf(to)} does not hear {world.NameOf(from)}");
        world.Network.Deafen(from, to);
        world.Time.After(NextWhile(world, chance), () =>
        {
            world.Network.Undeafen(from, to);
            world.Links.Flush();
        });
    }

    /// <summary>One direction of a connection stands still for a while.</summary>
    public static void Clog(SimulatedWorld world, Chance chance)
    {
        if (world.Links.All.Count > 0)
        {
            world.Counts.Count(SimulationFault.Clog);
            var link = chance.Pick(world.Links.All);
            var end = chance.Percent(50) ? link.First : link.Second;
            Clog(world, link, end, isClogged: true);
            world.Time.After(NextWhile(world, chance), () => Clog(world, link, end, isClogged: false));
        }
    }

    /// <summary>Swizzle-clogging: connections stand still one after the other and go on in another order.</summary>
    public static void Swizzle(SimulatedWorld world, Chance chance)
    {
        var links = world.Links.All.Where(_ => chance.Percent(60)).ToList();
        if (links.Count == 0)
        {
            return;
        }

        world.Counts.Count(SimulationFault.Swizzle);
        var at = 0L;
        foreach (var isClogged in (bool[])[true, false])
        {
            chance.Shuffle(links);
            foreach (var link in links)
            {
                at += chance.Below(500);
                world.Time.After(at, () =>
                {
                    Clog(world, link, link.First, isClogged);
                    Clog(world, link, link.Second, isClogged);
                });
            }
        }
    }

    /// <summary>A process ends, and starts again.</summary>
    public static void Stop(SimulatedWorld world, SimulatedPeer peer, SimulationFault fault, Chance chance)
    {
        if (peer.IsRunning)
        {
            world.Counts.Count(fault);
            var how = fault switch
            {
                SimulationFault.Restart => ProcessEnd.InOrder,
                SimulationFault.Crash => ProcessEnd.Crash,
                _ => ProcessEnd.PowerCut,
            };
            world.Trace(() => $"{peer} ends: {how}");
            peer.Stop(how);
            world.Time.After(how == ProcessEnd.InOrder ? 0 : NextWhile(world, chance), () =>
            {
                world.Trace(() => $"{peer} starts");
                peer.Start();
            });
        }
    }

    /// <summary>A backup is taken, and later put back in place of what was written since.</summary>
    public static void Backup(SimulatedWorld world, SimulatedPeer peer, Chance chance)
    {
        if (peer.TakeBackup() is not { } backup)
        {
            return;
        }

        world.Trace(() => $"a backup of {peer} is taken");
        var how = NextRestore(chance);
        world.Time.After(NextWhile(world, chance), () => Restore(world, peer, backup, how, peer, SimulationFault.Backup));
    }

    /// <summary>A peer is lost, and a copy of another one takes its place.</summary>
    public static void Clone(SimulatedWorld world, SimulatedPeer peer, Chance chance)
    {
        var other = chance.Pick(world.Peers);
        if (other != peer && peer.Number > 0 && other.TakeBackup() is { } copy)
        {
            var how = NextRestore(chance);
            Restore(world, peer, copy, how, other, SimulationFault.Clone);
        }
    }

    private static RestoreKind NextRestore(Chance chance) => chance.Pick(
        [RestoreKind.FileAlone, RestoreKind.FileWithoutSidecar, RestoreKind.FileAndSidecar, RestoreKind.Machine, RestoreKind.Machine]);

    private static void Restore(
        SimulatedWorld world, SimulatedPeer peer, MemoryRest.Backup backup, RestoreKind how, SimulatedPeer origin, SimulationFault fault)
    {
        if (world.IsOver)
        {
            return;
        }

        world.Counts.Count(fault);
        world.Trace(() => $"{peer} goes on from a copy of {origin}: {how}");
        peer.Restore(backup, how, origin);
        peer.Start();
    }

    /// <summary>The next commit fails in some way.</summary>
    public static void CommitFails(SimulatedWorld world, SimulatedPeer peer, CommitFault fault)
    {
        if (peer.IsRunning)
        {
            world.Counts.Count(fault == CommitFault.Unknown ? SimulationFault.CommitUnknown : SimulationFault.CrashInCommit);
            peer.Disk.NextCommit = fault;
        }
    }

    /// <summary>The disk is full for a while: the n-th write and all behind it fail.</summary>
    public static void FillDisk(SimulatedWorld world, SimulatedPeer peer, Chance chance)
    {
        if (peer.IsRunning)
        {
            world.Counts.Count(SimulationFault.DiskFull);
            var disk = peer.Disk;
            disk.FillUp(chance.Below(12));
            world.Trace(() => $"{peer}'s disk fills up");
            world.Time.After(NextWhile(world, chance), disk.Free);
        }
    }

    /// <summary>The disk does not answer for a while.</summary>
    public static void BreakDisk(SimulatedWorld world, SimulatedPeer peer, Chance chance)
    {
        if (peer.IsRunning)
        {
            world.Counts.Count(SimulationFault.DiskError);
            var disk = peer.Disk;
            disk.IsBroken = true;
            world.Trace(() => $"{peer}'s disk does not answer");
            world.Time.After(NextWhile(world, chance), () => disk.IsBroken = false);
        }
    }

    /// <summary>A clock goes wrong.</summary>
    public static void Clock(SimulatedWorld world, SimulatedPeer peer, SimulationFault fault, Chance chance)
    {
        world.Counts.Count(fault);
        switch (fault)
        {
            case SimulationFault.ClockDrift:
                peer.Clock.Drift(chance.Pick([-50_000, -1_000, 1_000, 50_000]));
                break;
            case SimulationFault.ClockJump:
                peer.Clock.Set(chance.Pick([-50 * Year, -Day, -Minute, -1, Minute, 4 * Minute]));
                break;
            default:
                peer.Clock.Set(chance.Pick([6 * Minute, Day, Year]));
                break;
        }

        world.Trace(() => $"{peer}'s clock shows {peer.Now:u}");
    }

    /// <summary>A member may not write any more, and again after a while.</summary>
    public static void Churn(SimulatedWorld world, SimulatedPeer peer, Chance chance)
    {
        if (peer.Number == 0)
        {
            return;
        }

        world.Counts.Count(SimulationFault.Churn);
        SetRole(world, new Operation.Demote(peer.Author, Role.Reader));
        world.Time.After(NextWhile(world, chance), () => SetRole(world, new Operation.Promote(peer.Author, Role.Writer)));
    }

    private static void SetRole(SimulatedWorld world, Operation operation)
    {
        var founder = world.Peers[0];
        if (founder.IsRunning)
        {
            _ = world.Scheduler.WatchAsync(founder.TransactAsync(transaction => transaction.Add(Target.Space.Instance, operation)));
        }
    }

    private static void Clog(SimulatedWorld world, SimulatedLink link, LinkEnd end, bool isClogged)
    {
        if (link.IsUp)
        {
            world.Trace(() => $"{link} {(isClogged ? "stands still" : "goes on")} from {world.NameOf(end.Number)}");
            link.Clog(end, isClogged);
            link.Flush();
        }
    }

    private static int NextWhile(SimulatedWorld world, Chance chance) => chance.Between(1, world.Shape.FaultyMilliseconds / 2);
}
