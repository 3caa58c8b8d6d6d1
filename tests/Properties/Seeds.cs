using Replica.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties;

/// <summary>Runs a random test over many seeds; a failure names its seed and how to run it alone.</summary>
/// <remarks><c>REPLICA_SEED</c> runs one seed only; <c>REPLICA_CASES</c> runs so many.</remarks>
internal static class Seeds
{
    private const int CasesDefault = 200;

    /// <summary>Runs the test on each seed that ever failed, then on fresh ones.</summary>
    public static void ForEach(ITestOutputHelper output, Action<Chance> test, int cases = CasesDefault, params ulong[] kept)
    {
        var only = Environment.GetEnvironmentVariable("REPLICA_SEED");
        var first = only is null ? (ulong)Environment.TickCount64 * 1_000_003 : ulong.Parse(only);
        var count = only is not null ? 1
            : int.TryParse(Environment.GetEnvironmentVariable("REPLICA_CASES"), out var asked) ? asked : cases;
        output.WriteLine($"seeds {first} to {first + (ulong)count - 1}");
        foreach (var seed in (only is null ? kept : []).Concat(Enumerable.Range(0, count).Select(i => first + (ulong)i)))
        {
            try
            {
                test(new Chance(seed));
            }
            catch (Exception fault)
            {
                Assert.Fail($"Seed {seed}: replay with REPLICA_SEED={seed} dotnet test tests/Properties --filter "
                    + $"with the name of this test.\n{fault}");
            }
        }
    }
}
