using Replica.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties;

/// <summary>Runs a random test over many seeds; a failure names its seed and how to run it alone.</summary>
/// <remarks><c>REPLICA_SEED</c> runs one seed only; <c>REPLICA_CASES</c> runs so many.</remarks>
internal static class Seeds
{
    private const int CasesDefault = 200;

    public static void ForEach(ITestOutputHelper output, Action<Chance> test, int cases = CasesDefault)
    {
        var only = Environment.GetEnvironmentVariable("REPLICA_SEED");
        var first = only is null ? (ulong)Environment.TickCount64 * 1_000_003 : ulong.Parse(only);
        var count = only is not null ? 1
            : int.TryParse(Environment.GetEnvironmentVariable("REPLICA_CASES"), out var asked) ? asked : cases;
        output.WriteLine($"seeds {first} to {first + (ulong)count - 1}");
        for (var seed = first; seed < first + (ulong)count; seed++)
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
