using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>The most logs of a space: a new one with that many in its past is refused, those that began at one time are kept.</summary>
public sealed class LogLimitTests : IDisposable
{
    private readonly TestEngines _engines = new();

    public void Dispose() => _engines.Dispose();

    [Fact]
    public void A_log_that_begins_with_all_the_logs_there_may_be_in_its_past_is_invalid_and_a_concurrent_one_is_kept()
    {
        using var engine = _engines.Create("memory");
        var space = new TestSpace(engine);
        var deps = new List<Position>(space.Ledger.Positions());
        var here = deps.ToArray();
        space.Ledger.Begin();
        for (var number = 0; deps.Count < ChangeLimits.LogsMax; number++)
        {
            var log = new TestLog(TestSpace.Writer, "many", (ulong)number + 100);
            space.Expect(RunVerdict.Applied, log.Run(space.Space, log.Next(TestSpace.Now + 9, [space.WriterLog.Tip], [log.HeaderGroup])));
            deps.Add(log.Tip);
        }

        space.Ledger.Commit();

        deps.Sort();
        var surplus = new TestLog(TestSpace.Writer, "surplus", 1);
        var result = space.Refuses(
            RunVerdict.Invalid, surplus.Run(space.Space, surplus.Next(TestSpace.Now + 10, [.. deps], [surplus.HeaderGroup])));
        var concurrent = new TestLog(TestSpace.Writer, "concurrent", 2);
        space.Accepts(concurrent.Run(space.Space, concurrent.Next(TestSpace.Now + 10, here, [concurrent.HeaderGroup])));

        Assert.Contains(TooManyLogsException.Code, result.Detail);
        Assert.Equal(ChangeLimits.LogsMax + 1, space.Ledger.Positions().Length);
    }
}
