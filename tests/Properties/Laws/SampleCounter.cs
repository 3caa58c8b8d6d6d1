using System.Buffers.Binary;
using Replica.Crdt.Causality;
using Replica.Testing;
using Replica.Testing.Laws;

namespace Replica.Tests.Properties.Laws;

/// <summary>A sum with a fault to choose: it is right only where every operation arrives once and states are never merged.</summary>
internal abstract class SampleCounter : IReplicatedType<int, int>
{
    public virtual LegalDelivery Delivery => LegalDelivery.CausalOnce;

    public int Create() => 0;

    public int Draw(Chance chance, int state, ICausalView view) => chance.Between(1, 9);

    public virtual int Apply(int state, int operation, Stamp stamp, ICausalView view) => state + operation;

    public string Observe(int state, ICausalView view) => state.ToString();

    public sealed class Plain : SampleCounter;

    public sealed class Repeated : SampleCounter
    {
        public override LegalDelivery Delivery => LegalDelivery.CausalRepeated;
    }

    public sealed class Added : SampleCounter, IMergedType<int>
    {
        public int Merge(int into, int from) => into + from;
    }

    public sealed class Greatest : SampleCounter, IMergedType<int>
    {
        public int Merge(int into, int from) => Math.Max(into, from);
    }

    public sealed class First : SampleCounter, IMergedType<int>
    {
        public int Merge(int into, int from) => into == 0 ? from : into;
    }

    public sealed class Subtracted : SampleCounter, IMergedType<int>
    {
        public int Merge(int into, int from) => into == from ? into : into - from;
    }

    public sealed class Cut : SampleCounter, IEncodedState<int>
    {
        public byte[] Encode(int state, ICausalView view) => [(byte)(state & 0xf)];

        public int Decode(byte[] bytes) => bytes[0];
    }

    public sealed class Rounded : SampleCounter, IEncodedOperation<int>
    {
        public byte[] Encode(int operation)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, operation);
            return bytes;
        }

        public int Decode(byte[] bytes) => BinaryPrimitives.ReadInt32BigEndian(bytes) & ~1;
    }

    public sealed class Modelled : SampleCounter, IModelledType<int>
    {
        public string Fold(IReadOnlyList<LawOperation<int>> operations) => operations.Sum(operation => operation.Operation % 7).ToString();
    }

    public sealed class Throwing : SampleCounter
    {
        public override int Apply(int state, int operation, Stamp stamp, ICausalView view) =>
            state > 20 ? throw new InvalidOperationException("too much") : state + operation;
    }
}
