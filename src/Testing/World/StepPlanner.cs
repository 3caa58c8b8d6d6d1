namespace Replica.Testing.World;

/// <summary>Plans all that happens in a history before anything happens: who writes and meets when, and what goes wrong.</summary>
internal sealed class StepPlanner(SimulatedWorld world, SimulationOptions options)
{
    private readonly List<SimulationStep> _steps = [];
    private readonly Chance _chance = world.Chance;

    public List<SimulationStep> Plan()
    {
        var meetings = _chance.Between(20, 60);
        var transfers = _chance.Pick([0, 0, 10, 30]);
        for (var i = 0; i < world.Shape.Steps; i++)
        {
            var peer = world.Peers[_chance.Below(world.Shape.Peers)];
            if (_chance.Percent(meetings))
            {
                Add(step => WorldSteps.Meet(world, peer, step));
            }
            else if (options.Actions.Count > 0)
            {
                var action = NextAction();
                Add(step => WorldSteps.Act(world, peer, action, step));
            }
            else if (_chance.Percent(transfers))
            {
                Add(step => WorldSteps.Transfer(world, peer, step));
            }
            else
            {
                Add(step => WorldSteps.Write(world, peer, step));
            }
        }

        foreach (var fault in Enum.GetValues<SimulationFault>())
        {
            if (options.Plan.Has(fault, _chance))
            {
                for (var left = _chance.Between(1, 3); left > 0; left--)
                {
                    Plan(fault);
                }
            }
        }

        foreach (var peer in world.Peers)
        {
            peer.Clock.Set(_chance.Between(-world.Shape.History.SkewMilliseconds, world.Shape.History.SkewMilliseconds));
        }

        return _steps;
    }

    private void Plan(SimulationFault fault)
    {
        var peer = world.Peers[_chance.Below(world.Shape.Peers)];
        switch (fault)
        {
            case SimulationFault.Cut:
                Add(step => WorldFaults.Cut(world, step));
                break;
            case SimulationFault.Partition:
                Add(step => WorldFaults.Partition(world, step));
                break;
            case SimulationFault.OneWay:
                Add(step => WorldFaults.OneWay(world, peer.Number, step));
                break;
            case SimulationFault.Clog:
                Add(step => WorldFaults.Clog(world, step));
                break;
            case SimulationFault.Swizzle:
                Add(step => WorldFaults.Swizzle(world, step));
                break;
            case SimulationFault.Restart or SimulationFault.Crash or SimulationFault.PowerCut:
                Add(step => WorldFaults.Stop(world, peer, fault, step));
                break;
            case SimulationFault.Backup:
                Add(step => WorldFaults.Backup(world, peer, step));
                break;
            case SimulationFault.Clone:
                Add(step => WorldFaults.Clone(world, peer, step));
                break;
            case SimulationFault.CrashInCommit:
                Add(step => WorldFaults.CommitFails(world, peer, step.Pick([CommitFault.DiesBefore, CommitFault.DiesAfter])));
                break;
            case SimulationFault.CommitUnknown:
                Add(_ => WorldFaults.CommitFails(world, peer, CommitFault.Unknown));
                break;
            case SimulationFault.DiskFull:
                Add(step => WorldFaults.FillDisk(world, peer, step));
                break;
            case SimulationFault.DiskError:
                Add(step => WorldFaults.BreakDisk(world, peer, step));
                break;
            case SimulationFault.ClockJump or SimulationFault.ClockDrift or SimulationFault.ClockAhead:
                Add(step => WorldFaults.Clock(world, peer, fault, step));
                break;
            case SimulationFault.Churn:
                Add(step => WorldFaults.Churn(world, peer, step));
                break;
            case SimulationFault.Hostile:
                var liar = world.AddLiar();
                Add(step => liar.Meet(peer, isPoisoner: false, step));
                break;
            case SimulationFault.Poison:
                var poisoner = world.AddLiar();
                Add(step => poisoner.Meet(peer, isPoisoner: true, step));
                break;
            case SimulationFault.Equivocation:
                var equivocator = world.AddLiar();
                var other = world.Peers[_chance.Below(world.Shape.Peers)];
                Add(step => equivocator.Equivocate(peer, other, step));
                break;
        }
    }

    private SimulatedAction NextAction()
    {
        var left = _chance.Below(options.Actions.Sum(static action => action.Weight));
        foreach (var action in options.Actions)
        {
            left -= action.Weight;
            if (left < 0)
            {
                return action;
            }
        }

        return options.Actions[^1];
    }

    private void Add(Action<Chance> run) =>
        _steps.Add(new(_chance.Below(world.Shape.FaultyMilliseconds), _chance.Next(), run));
}
