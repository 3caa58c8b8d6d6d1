using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties;

/// <summary>Holds a property against many generated values; a failure is shrunk and says how to run it again.</summary>
/// <remarks><c>REPLICA_REPLAY=seed,gamma</c> runs one case only, as the failure named it.</remarks>
internal static class Law
{
    public static void Holds<T>(ITestOutputHelper output, Arbitrary<T> values, Func<T, bool> law, int cases = 300)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true).WithRunner(new QuietRunner());
        if (Environment.GetEnvironmentVariable("REPLICA_REPLAY") is { } replay)
        {
            var parts = replay.Split(',');
            config = config.WithReplay(ulong.Parse(parts[0], CultureInfo.InvariantCulture), ulong.Parse(parts[1], CultureInfo.InvariantCulture));
            output.WriteLine($"replaying {replay}");
        }

        Check.One(config, Prop.ForAll(values, law));
    }

    /// <summary>Says nothing of success; a failure is a failed assertion.</summary>
    private sealed class QuietRunner : IRunner
    {
        public void OnStartFixture(Type value)
        {
        }

        public void OnArguments(
            int value1, Microsoft.FSharp.Collections.FSharpList<object> value2,
            Microsoft.FSharp.Core.FSharpFunc<int, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string>> value3)
        {
        }

        public void OnShrink(
            Microsoft.FSharp.Collections.FSharpList<object> value1,
            Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string> value2)
        {
        }

        public void OnFinished(string value1, TestResult value2)
        {
            if (value2 is TestResult.Failed failed)
            {
                var rnd = failed.Item5;
                Assert.Fail($"After {failed.Item1.NumberOfTests} cases, shrunk to: {string.Join(", ", failed.Item3)}. "
                    + $"Replay with REPLICA_REPLAY={rnd.Seed},{rnd.Gamma}. {failed.Item4}");
            }

            Assert.True(value2 is TestResult.Passed, value2.ToString());
        }
    }
}
