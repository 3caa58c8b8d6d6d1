using Org.BouncyCastle.Crypto.Digests;
using Replica.Testing.Vectors;
using Xunit;

namespace Replica.Tests.Properties.Vectors;

public sealed class Blake2bTests
{
    [Fact]
    public void Our_BLAKE2b_is_that_of_another_library_at_every_length_around_its_blocks()
    {
        for (var length = 0; length < 400; length++)
        {
            byte[] input = [.. Enumerable.Range(0, length).Select(static index => (byte)(((index * 7) + 3) % 256))];
            var ours = new byte[64];
            var theirs = new byte[64];
            var digest = new Blake2bDigest(512);
            digest.BlockUpdate(input, 0, input.Length);
            _ = digest.DoFinal(theirs, 0);

            Blake2bHash.Instance.Hash(input.AsSpan(0, length / 3), input.AsSpan(length / 3), ours);

            Assert.Equal(theirs, ours);
        }
    }
}
